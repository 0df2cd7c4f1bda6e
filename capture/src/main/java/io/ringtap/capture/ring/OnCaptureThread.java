package io.ringtap.capture.ring;

/** A worker whose only task the capture thread runs itself: all but {@link #abandon} is for that thread. */
final class OnCaptureThread {
    /** How long questions may be answered before frames are looked for again. */
    private static final long ANSWER_NANOS = 2_000_000;

    private final Worker worker;
    private final WorkerTask task;

    OnCaptureThread(Worker worker, WorkerTask task) {
        this.worker = worker;
        this.task = task;
    }

    /** Gets ready. Null, or what a handler threw. */
    Throwable begin() {
        return task.begin();
    }

    /** Handles what was published: the capture thread reads nothing meanwhile. */
    void handlePublished() {
        long nanos = task.handlePublished();
        worker.heldUp(nanos);
        worker.stalled(nanos);
    }

    /** Does what time makes due. */
    void tick(long nanoTime) {
        tick(worker.chains().getFirst(), nanoTime);
    }

    /** Does what time makes due for handlers, of which one may have a question to answer. */
    static void tick(HandlerChain handlers, long nanoTime) {
        do {
            handlers.tick(nanoTime);
        } while (handlers.questions().isAsked() && System.nanoTime() - nanoTime < ANSWER_NANOS);
    }

    /** Nothing more comes. */
    void end() {
        task.end();
    }

    /** Handles no further frame, and interrupts the one that is being handled; any thread. */
    void abandon() {
        task.abandon();
    }
}
