package io.ringtap.capture.ring;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.Progress;

/** The link between a capture's ring and a detached worker: the worker's queue, and the thread that feeds it. */
final class QueueFeed {
    private final FrameRing ring;
    private final FrameRing queue;
    private final FeedTask task;
    private final WorkerThread thread;
    private final String name;

    /**
     * Adds the feed to a ring; the queue is closed with that.
     *
     * @param onEnd called when the queue will get no more
     */
    QueueFeed(
            WorkerConfig worker, FrameRing ring, int ringIndex, TunnelPorts ports, FlowSample sample, Runnable onEnd) {
        this.ring = ring;
        queue = FrameRing.queue(worker.queueBytes());
        ring.closeWithIt(queue::close);
        task = new FeedTask(ring, queue, ports, sample, onEnd);
        name = "feed-" + worker.name() + "-" + ringIndex;
        thread = new WorkerThread(name, task, ring.newBarrier());
        ring.gate(task.handled());
    }

    FrameRing queue() {
        return queue;
    }

    void start() {
        thread.start();
    }

    /** Returns whether it will end by itself, having fed what is there; false if it never started. */
    boolean drain() {
        thread.drain();
        return thread.started();
    }

    boolean join(long deadline) throws InterruptedException {
        return thread.join(deadline);
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    void abandon() {
        task.abandon();
    }

    /** Returns how far it has come; any thread. */
    Progress progress() {
        return new Progress(name, position(), !task.isCaughtUp());
    }

    /** The last slot of the capture's ring that was fed, shed or left out. */
    long position() {
        return task.handled().get();
    }

    /** Of the frames not fed yet, as {@link Worker#oldestTimestampNanos()}. */
    long oldestTimestampNanos() {
        return ring.timestampBehind(task.handled());
    }

    long shed() {
        return task.shed();
    }

    long sampledOut() {
        return task.sampledOut();
    }
}
