package io.ringtap.inject.pace;

/**
 * Absolute deadlines: how late a frame goes does not make the next one late. What moves them on knows the pace. For one thread.
 */
abstract sealed class DeadlineTrigger implements Trigger permits RateTrigger, RecordedTrigger {
    /** From when on deadlines count. */
    private long startNanos;

    private long deadlineNanos;

    final void start(long nanos) {
        startNanos = nanos;
    }

    /** The next frame falls due then. */
    final void dueAt(long nanos) {
        deadlineNanos = nanos;
    }

    /** All that is to come is so much later. */
    abstract void shift(long nanos);

    @Override
    public final void postpone(long sinceNanos) {
        long nanos = sinceNanos - deadlineNanos;
        if (nanos > 0) {
            startNanos += nanos;
            deadlineNanos += nanos;
            shift(nanos);
        }
    }

    @Override
    public final boolean isDue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    @Override
    public final boolean hasDeadlines() {
        return true;
    }

    @Override
    public final long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public final long startNanos() {
        return startNanos;
    }

    @Override
    public final long waitNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }
}
