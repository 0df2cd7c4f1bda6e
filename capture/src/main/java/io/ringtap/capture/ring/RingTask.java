package io.ringtap.capture.ring;

import com.lmax.disruptor.Sequence;

/**
 * The task of a thread on a ring's frames. {@link #abandon} and the sequence are for any thread, the rest for the one that
 * calls {@link #begin}.
 */
sealed interface RingTask permits WorkerTask, FeedTask {
    /** The last slot it needs no more: what the ring's writer waits for. */
    Sequence handled();

    /** Gets ready. Null, or what a handler threw. */
    Throwable begin();

    /** Takes what is published and not handled yet, as a batch; the time that took, nanoseconds, 0 if nothing was there. */
    long handlePublished();

    /** Returns whether it has a question to answer, a little with each {@link #tick}: it should not sleep meanwhile. */
    boolean isAsked();

    /** Does what time makes due. */
    void tick(long nanoTime);

    /** Returns whether everything published has been handled. */
    boolean isCaughtUp();

    /** Nothing more comes; or {@link #begin} has failed. */
    void end();

    /** Handles no further frame, and interrupts the one that is being handled. */
    void abandon();

    /** Returns whether it was told to. */
    boolean abandoned();
}
