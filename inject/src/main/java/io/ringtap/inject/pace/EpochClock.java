package io.ringtap.inject.pace;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The time in nanoseconds since 1970 without garbage: the monotonic clock, set by the system's twice a second, so that
 * it follows the latter's corrections. For one thread.
 */
public final class EpochClock implements LongSupplier {
    private static final long SET_EVERY_NANOS = 500_000_000;

    private long setAtNanos;
    private long aheadNanos;
    private boolean set;

    @Override
    public long getAsLong() {
        long now = System.nanoTime();
        if (!set || now - setAtNanos >= SET_EVERY_NANOS) {
            Instant instant = Instant.now();
            now = System.nanoTime();
            aheadNanos = instant.getEpochSecond() * 1_000_000_000 + instant.getNano() - now;
            setAtNanos = now;
            set = true;
        }
        return now + aheadNanos;
    }
}
