package io.ringtap.inject.pace;

/** Says when a stream's next frame falls due. Times are {@link System#nanoTime}'s. */
public sealed interface Trigger permits DeadlineTrigger, FrameCountTrigger, ContinuousTrigger, ReplayTrigger {
    /** Whether a frame is due that has not been passed to {@link #advance}. */
    boolean isDue(long nowNanos);

    /** Returns whether frames are due at any time, however many have been passed to {@link #advance}. */
    default boolean isAlwaysDue() {
        return false;
    }

    /** Returns whether frames have deadlines, of which all that have passed are owed. */
    default boolean hasDeadlines() {
        return false;
    }

    /** The deadline of the next frame, where there are any. */
    default long deadlineNanos() {
        return 0;
    }

    /** The time from which deadlines count: that of the start, or later by what it was postponed. */
    default long startNanos() {
        return 0;
    }

    /** Returns what a rate has been asked for since the start: frames, or the bits of those that were passed to {@link #advance}. */
    default long passed() {
        return 0;
    }

    /** Has all deadlines be later, so that nothing has been due for longer than since a time. */
    default void postpone(long sinceNanos) {}

    /** Returns how many frames are known to be due, at most so many; for the inject thread only. */
    default int due(int limit, long nowNanos) {
        return isDue(nowNanos) ? 1 : 0;
    }

    /** Goes on to the next frame; for the inject thread only. */
    void advance();

    /** Begins anew: what fell due before is left out; for the inject thread only. */
    void restart(long nowNanos);

    /** Returns how long until it has to be asked again. */
    long waitNanos(long nowNanos);
}
