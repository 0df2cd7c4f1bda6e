package io.ringtap.capture.ring;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.ring.spill.Spill;
import io.ringtap.capture.ring.spill.SpillTarget;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.Progress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The link between a capture's ring and a detached worker: the worker's queue, the thread that feeds it, and the spill of what it
 * does not hold.
 */
final class QueueFeed {
    private final FrameRing ring;
    private final FrameRing queue;
    private final FeedTask task;
    private final WorkerThread thread;
    private final String name;

    /** Null for none. */
    private final @Nullable Spill spill;

    /**
     * Adds the feed to a ring; the queue is closed with that.
     *
     * @param handled the last position of the queue that its worker is done with
     * @param onEnd called when the queue will get no more
     */
    QueueFeed(
            WorkerConfig worker,
            FrameRing ring,
            String captureName,
            int ringIndex,
            TunnelPorts ports,
            FlowSample sample,
            LongSupplier handled,
            Runnable onEnd) {
        this.ring = ring;
        long bytes = worker.queueBytes();
        queue = FrameRing.queue(worker.spill().isPresent() ? bytes / 2 : bytes);
        ring.closeWithIt(queue::close);
        SpillTarget back = target(queue, handled);
        spill = worker.spill()
                .map(disk ->
                        new Spill(disk, worker.name(), captureName, ringIndex, bytes - queue.slabBytes(), back, onEnd))
                .orElse(null);
        task = new FeedTask(ring, queue, ports, sample, spill, spill == null ? onEnd : spill::end);
        if (spill != null) {
            ring.closeWithIt(spill::close);
        }
        name = "feed-" + worker.name() + "-" + ringIndex;
        thread = new WorkerThread(name, task, ring.newBarrier());
        ring.gate(task.handled());
    }

    private static SpillTarget target(FrameRing queue, LongSupplier handled) {
        return new SpillTarget() {
            @Override
            public boolean offer(long address, int capturedBytes, int originalBytes, long timestampNanos) {
                return queue.offer(address, capturedBytes, originalBytes, timestampNanos);
            }

            @Override
            public void flush() {
                queue.flush();
            }

            @Override
            public long published() {
                return queue.published() - 1;
            }

            @Override
            public long handled() {
                return handled.getAsLong();
            }
        };
    }

    FrameRing queue() {
        return queue;
    }

    /** Returns where it spills; null for nowhere. */
    @Nullable
    Spill spill() {
        return spill;
    }

    void start() {
        if (spill != null) {
            spill.start();
        }
        thread.start();
    }

    /** Returns whether it will end by itself, having fed what is there; false if it never started. */
    boolean drain() {
        thread.drain();
        return thread.started();
    }

    boolean join(long deadline) throws InterruptedException {
        return thread.join(deadline) && (spill == null || spill.join(deadline));
    }

    boolean isAlive() {
        return thread.isAlive() || (spill != null && spill.isAlive());
    }

    void abandon() {
        task.abandon();
        if (spill != null) {
            spill.abandon();
        }
    }

    /** Returns how far it has come; any thread. */
    Progress progress() {
        return new Progress(name, position(), !task.isCaughtUp());
    }

    /** The last slot of the capture's ring that was fed, shed or left out. */
    long position() {
        return task.handled().get();
    }

    /** Frames that are neither in the queue nor shed. */
    long lag() {
        return Math.max(0, ring.published() - 1 - position()) + (spill == null ? 0 : spill.waiting());
    }

    /** Of the frames not in the queue yet, as {@link Worker#oldestTimestampNanos()}. */
    long oldestTimestampNanos() {
        long spilled = spill == null ? Long.MAX_VALUE : spill.oldestTimestampNanos();
        return Math.min(spilled, ring.timestampBehind(task.handled()));
    }

    long shed() {
        return task.shed();
    }

    long sampledOut() {
        return task.sampledOut();
    }
}
