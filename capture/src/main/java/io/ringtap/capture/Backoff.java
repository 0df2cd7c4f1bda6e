package io.ringtap.capture;

import java.time.Duration;

/** The times of further tries of what has failed: soon at first, then ever more seldom. For one thread at a time. */
public final class Backoff {
    /** After the first failure. */
    public static final Duration SHORTEST = Duration.ofMillis(200);

    /** After many. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    private long pauseNanos;
    private long untilNanos;
    private int seenIndex;

    /** Returns whether it is time for an attempt. */
    public boolean isTime(long nowNanos) {
        return pauseNanos == 0 || nowNanos - untilNanos >= 0;
    }

    /** An attempt has failed. */
    public void failed(long nowNanos) {
        pauseNanos = Math.clamp(2 * pauseNanos, SHORTEST.toNanos(), LONGEST.toNanos());
        untilNanos = nowNanos + pauseNanos;
    }

    /** The next attempt may be made at once. */
    public void reset() {
        pauseNanos = 0;
    }

    /** The interface that is there, 0 for none: with another one than before it may be tried at once. */
    public void see(int interfaceIndex) {
        if (interfaceIndex != seenIndex) {
            seenIndex = interfaceIndex;
            reset();
        }
    }
}
