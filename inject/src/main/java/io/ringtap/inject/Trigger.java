package io.ringtap.inject;

/** Says when a stream's next frame falls due. Times are {@link System#nanoTime}'s. */
sealed interface Trigger permits Pacer, FrameCountTrigger {
    /** Whether a frame is due that has not been passed to {@link #advance}. */
    boolean isDue(long nowNanos);

    /** Goes on to the next frame; for the inject thread only. */
    void advance();

    /** Begins anew: what fell due before is left out; for the inject thread only. */
    void restart(long nowNanos);

    /** How long until it has to be asked again. */
    long waitNanos(long nowNanos);
}
