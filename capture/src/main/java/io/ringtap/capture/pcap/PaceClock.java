package io.ringtap.capture.pcap;

import io.ringtap.capture.FramePace;

/**
 * When each frame of a file is due, in {@link System#nanoTime} terms: the first one at once, the others at absolute
 * times after it, so that neither a late wake-up nor a slow worker makes the pace drift. One thread.
 */
final class PaceClock {
    /** A step back in time that is larger is a clock that was set; a smaller one is frames out of order. */
    private static final long REORDERING_NANOS = 1_000_000_000;

    private final FramePace pace;
    private boolean started;
    private long startNanos;
    private long afterStartNanos;
    private long frames;
    private long originTimestampNanos;

    PaceClock(FramePace pace) {
        this.pace = pace;
    }

    /** When the next frame is due; asked once for each, in order. */
    long dueNanos(long timestampNanos, long nowNanos) {
        if (!started) {
            started = true;
            startNanos = nowNanos;
            originTimestampNanos = timestampNanos;
        }
        return switch (pace) {
            case FramePace.Max _ -> nowNanos;
            case FramePace.Original _ -> startNanos + sinceFirst(timestampNanos);
            case FramePace.Rate rate -> startNanos + (long) (frames++ * 1e9 / rate.framesPerSecond());
        };
    }

    /** Never less than before: a frame stamped before its forerunner comes with it. */
    private long sinceFirst(long timestampNanos) {
        long since = saturatedDifference(timestampNanos, originTimestampNanos);
        if (since >= afterStartNanos) {
            afterStartNanos = since;
        } else if (afterStartNanos - since > REORDERING_NANOS) {
            originTimestampNanos = timestampNanos - afterStartNanos;
        }
        return afterStartNanos;
    }

    /** Timestamps of a damaged file may be anything; 146 years are as good as for ever and leave room to add. */
    private static long saturatedDifference(long a, long b) {
        long difference = a - b;
        boolean overflow = ((a ^ b) & (a ^ difference)) < 0;
        if (overflow) {
            return a < b ? Long.MIN_VALUE / 2 : Long.MAX_VALUE / 2;
        }
        return Math.clamp(difference, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
    }
}
