package io.ringtap.daemon.cli.option;

import java.util.function.LongSupplier;

/** The times of looks: once an interval, however long a look takes; one that takes longer puts off those after it. One thread. */
final class LookTimes {
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private long dueNanos;

    /** The first look is due now. */
    LookTimes(long intervalNanos, LongSupplier nanoTime) {
        this.intervalNanos = intervalNanos;
        this.nanoTime = nanoTime;
        dueNanos = nanoTime.getAsLong();
    }

    /** Returns how long to wait after a look until the next one is due. */
    long nanosToNext() {
        long now = nanoTime.getAsLong();
        long wait = Math.max(0, dueNanos + intervalNanos - now);
        dueNanos = now + wait;
        return wait;
    }
}
