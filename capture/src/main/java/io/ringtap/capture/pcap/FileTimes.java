package io.ringtap.capture.pcap;

/**
 * How long after the first frame of a file the others come, by their time stamps, which need not be in order: a frame never
 * comes before its forerunner, a clock that was set back goes on from where it was, and one frame with a wrong time holds up
 * none behind it. One thread.
 */
public final class FileTimes {
    /** A step back in time that is larger is a clock that was set; a smaller one is frames out of order. */
    private static final long REORDERING_NANOS = 1_000_000_000;

    private boolean started;
    private long originNanos;

    /** Where time began before the clock was last set back; it may have been one frame that was wrong. */
    private long formerOriginNanos;

    private boolean setBack;
    private long sinceFirstNanos;

    /** Nanoseconds since the first frame, of the next one; at least those of the one before, at most 146 years. */
    public long sinceFirstNanos(long timestampNanos) {
        if (!started) {
            started = true;
            originNanos = timestampNanos;
        }
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
