package io.ringtap.capture.pcap;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The times of a file's frames after its first one, by their time stamps, which need not be in order: a frame never comes
 * before its forerunner, a clock that was set back goes on from where it was, and one frame with a wrong time holds up none
 * behind it. One thread.
 */
final class FileTimes {
    /** A step back in time that is larger is a clock that was set; a smaller one is frames out of order. */
    private static final long REORDERING_NANOS = 1_000_000_000;

    private final long maxGapNanos;
    private boolean started;
    private long lastTimestampNanos;
    private long originNanos;

    /** Where time began before the clock was last set back; it may have been one frame that was wrong. */
    private long formerOriginNanos;

    private boolean setBack;
    private long sinceFirstNanos;

    /** Time stamps behind the one whose turn it is. */
    @FunctionalInterface
    interface Ahead {
        /** Tells whether a test holds for one of those that follow soon. */
        boolean any(LongPredicate timestamp);
    }

    /** With every gap as it is. */
    FileTimes() {
        this(Optional.empty());
    }

    /** With no frame later than so long after its forerunner, if there is a limit. */
    FileTimes(Optional<Duration> maxGap) {
        maxGapNanos = maxGap.map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    /**
     * Nanoseconds since the first frame, of the next one; at least those of the one before, at most 146 years.
     *
     * @param ahead the stamps behind this one, which are looked at if it is far ahead
     */
    long sinceFirstNanos(long timestampNanos, Ahead ahead) {
        if (!started) {
            started = true;
            originNanos = timestampNanos;
        } else if (isWrong(timestampNanos, ahead)) {
            return sinceFirstNanos;
        }
        lastTimestampNanos = timestampNanos;
        long before = sinceFirstNanos;
        long since = believe(timestampNanos);
        if (since - before > maxGapNanos) {
            long left = since - before - maxGapNanos;
            originNanos += left;
            formerOriginNanos += left;
            sinceFirstNanos = before + maxGapNanos;
        }
        return sinceFirstNanos;
    }

    private boolean isWrong(long timestampNanos, Ahead ahead) {
        long step = saturatedDifference(timestampNanos, lastTimestampNanos);
        return step > REORDERING_NANOS
                && ahead.any(later -> Math.abs(saturatedDifference(later, lastTimestampNanos)) < step / 2);
    }

    private long believe(long timestampNanos) {
        long since = saturatedDifference(timestampNanos, originNanos);
        if (setBack) {
            since = leastStep(since, saturatedDifference(timestampNanos, formerOriginNanos));
        }
        if (since >= sinceFirstNanos) {
            sinceFirstNanos = since;
        } else if (sinceFirstNanos - since > REORDERING_NANOS) {
            setBack = true;
            formerOriginNanos = originNanos;
            originNanos = timestampNanos - sinceFirstNanos;
        }
        return sinceFirstNanos;
    }

    /** If the clock is back where it was before it was set, it was not set. */
    private long leastStep(long since, long sinceFormer) {
        boolean forward = sinceFormer >= sinceFirstNanos;
        if (!forward || (since >= sinceFirstNanos && since <= sinceFormer)) {
            return since;
        }
        long former = formerOriginNanos;
        formerOriginNanos = originNanos;
        originNanos = former;
        return sinceFormer;
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
