package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringtap.capture.ring.spill.Spill;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Copies frames from a capture's ring into the queue of a detached worker, and never waits for it: a frame that does not
 * fit is spilled, or shed, so those that are queued stay and the newest go. While anything is spilled, all that comes is.
 *
 * <p>It has a thread of its own, and the capture waits for it as for a gate worker. Were the capture thread to copy, every
 * detached worker would cost the one thread that must not fall behind a copy and a wake-up; copying here takes less time
 * a frame than capturing does, so that nothing is waited for, however slow the worker is.
 */
final class FeedTask implements RingTask {
    /** Slots are given back at least this often. */
    private static final int RELEASE_FRAMES = 64;

    private final RingBuffer<FrameSlot> slots;
    private final FrameSlab slab;
    private final MemoryFrame frame;
    private final FlowSample sample;
    private final FrameRing queue;
    private final Runnable onEnd;

    /** Null for none. */
    private final @Nullable Spill spill;

    private final Sequence handled = new Sequence(-1);
    private final Counter shed = new Counter();
    private final Counter sampledOut = new Counter();
    private volatile boolean abandoned;

    /**
     * A feed from {@code source} to {@code queue}.
     *
     * @param ports what UDP tunnels are known by
     * @param spill where what does not fit goes; null if it is shed
     * @param onEnd called when this feed puts nothing more into the queue
     */
    FeedTask(
            FrameRing source,
            FrameRing queue,
            TunnelPorts ports,
            FlowSample sample,
            @Nullable Spill spill,
            Runnable onEnd) {
        frame = new MemoryFrame("", ports);
        slots = source.slots();
        slab = source.slab();
        this.queue = queue;
        this.sample = sample;
        this.spill = spill;
        this.onEnd = onEnd;
    }

    @Override
    public Sequence handled() {
        return handled;
    }

    /** Frames that there was no room for. */
    long shed() {
        return shed.value() + (spill == null ? 0 : spill.shed());
    }

    /** Frames of flows that the sample leaves out. */
    long sampledOut() {
        return sampledOut.value();
    }

    @Override
    public Throwable begin() {
        return null;
    }

    @Override
    public long handlePublished() {
        long next = handled.get() + 1;
        long last = slots.getCursor();
        while (next <= last && !abandoned) {
            long release = Math.min(last, next + RELEASE_FRAMES - 1);
            for (; next <= release; next++) {
                feed(slots.get(next));
            }
            handled.set(release);
        }
        endBatch();
        return 0;
    }

    private void endBatch() {
        if (spill == null || spill.isEmpty()) { // else the queue is not the feed's
            queue.flush();
        } else {
            spill.endBatch();
        }
    }

    private void feed(FrameSlot slot) {
        frame.moveTo(slab, slot);
        if (!sample.isAll() && !sample.takes(frame)) {
            sampledOut.add(1);
        } else if (spill != null) {
            feedOrSpill(spill, slot);
        } else if (!queue.offer(frame.address(), slot.captured, slot.original, slot.timestampNanos)) {
            shed.add(1);
        }
    }

    /** What was put into the queue before is handed on before the queue changes hands. */
    private void feedOrSpill(Spill disk, FrameSlot slot) {
        if (disk.isEmpty()) {
            if (queue.offer(frame.address(), slot.captured, slot.original, slot.timestampNanos)) {
                return;
            }
            queue.flush();
        }
        disk.append(frame.address(), slot.captured, slot.original, slot.timestampNanos);
    }

    @Override
    public boolean isAsked() {
        return false;
    }

    @Override
    public void tick(long nanoTime) {
        endBatch();
    }

    @Override
    public boolean isCaughtUp() {
        return handled.get() >= slots.getCursor();
    }

    @Override
    public void end() {
        onEnd.run();
    }

    @Override
    public void abandon() {
        abandoned = true;
    }

    @Override
    public boolean abandoned() {
        return abandoned;
    }
}
