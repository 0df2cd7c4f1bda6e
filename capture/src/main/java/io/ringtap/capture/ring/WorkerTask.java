package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.ledger.Progress;

/**
 * The task of one thread of a worker on one ring: it walks over every slot, and has its handlers handle the frames that are its
 * share. {@link #abandon} and the sequence are for any thread, the rest is for the one that calls {@link #begin}.
 */
final class WorkerTask implements RingTask {
    /** Slots are given back at least this often, so that a slow handler does not hold a whole batch. */
    private static final int RELEASE_FRAMES = 64;

    /** Handlers that take longer have their slots given back one by one: 64 of them would hold up to 1 ms. */
    private static final long SLOW_NANOS = 15_000;

    private final HandlerChain handlers;
    private final int index;
    private final int threads;
    private final boolean inTurn;
    private final FlowSample sample;
    private final boolean hashed;
    private final RingBuffer<FrameSlot> slots;
    private final FrameSlab slab;
    private final MemoryFrame frame;

    /** The last slot walked over: what the capture thread waits for. */
    private final Sequence handled = new Sequence(-1);

    WorkerTask(
            FrameRing ring,
            CaptureFacts capture,
            WorkerConfig worker,
            int number,
            FlowSample sample,
            HandlerChain handlers) {
        threads = worker.threads();
        index = number % threads;
        inTurn = threads > 1 && worker.share() == Share.ROUND_ROBIN;
        this.sample = sample;
        hashed = (threads > 1 && !inTurn) || !sample.isAll();
        this.handlers = handlers;
        slots = ring.slots();
        slab = ring.slab();
        frame = new MemoryFrame(capture.name(), capture.tunnelPorts());
    }

    @Override
    public Sequence handled() {
        return handled;
    }

    /** Returns how far it has come, under a thread's name; any thread. A slow handler's frames count before its slots are given back. */
    Progress progress(String threadName) {
        return new Progress(threadName, handled.get() + handlers.delivered() + handlers.failed(), !isCaughtUp());
    }

    @Override
    public void abandon() {
        handlers.abandon();
    }

    @Override
    public boolean abandoned() {
        return handlers.abandoned();
    }

    @Override
    public Throwable begin() {
        return handlers.begin();
    }

    @Override
    public long handlePublished() {
        long next = handled.get() + 1;
        long last = slots.getCursor();
        if (last < next || abandoned()) {
            return 0;
        }
        long before = System.nanoTime();
        handlers.beginBatch(before);
        handle(next, last);
        return handlers.endBatch() - before;
    }

    @Override
    public boolean isAsked() {
        return handlers.questions().isAsked();
    }

    @Override
    public void tick(long nanoTime) {
        handlers.tick(nanoTime);
    }

    @Override
    public boolean isCaughtUp() {
        return handled.get() >= slots.getCursor();
    }

    @Override
    public void end() {
        frame.end();
        handlers.end();
    }

    /** Handles this thread's share of the slots from {@code next} to {@code last}. */
    private void handle(long next, long last) {
        long position = next;
        while (position <= last && !abandoned()) {
            long release = Math.min(last, position + (handlers.lastNanos() > SLOW_NANOS ? 1 : RELEASE_FRAMES) - 1);
            for (; position <= release && !abandoned(); position++) {
                handle(position);
            }
            handled.set(position - 1);
        }
    }

    /** Returns whether the frame of a slot is this thread's, and not yet handled; for any thread, with a view of its own. */
    boolean hasBeforeIt(long position, MemoryFrame view) {
        if (position <= handled.get()) {
            return false;
        }
        if (inTurn) {
            return position % threads == index;
        }
        view.moveTo(slab, slots.get(position));
        return threads == 1 || threadOf(sample.hash(view)) == index;
    }

    private int threadOf(int flowHash) {
        return (int) ((Integer.toUnsignedLong(flowHash) * threads) >>> 32);
    }

    private void handle(long position) {
        if (inTurn && position % threads != index) {
            return;
        }
        frame.moveTo(slab, slots.get(position));
        if (hashed) {
            int hash = sample.hash(frame);
            if (!inTurn && threadOf(hash) != index) {
                return;
            }
            if (!sample.takes(hash)) {
                handlers.leaveOut();
                return;
            }
        }
        handlers.deliver(frame);
    }
}
