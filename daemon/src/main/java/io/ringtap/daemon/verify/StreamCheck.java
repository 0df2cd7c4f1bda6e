package io.ringtap.daemon.verify;

import io.ringtap.inject.mark.StreamTally;
import org.HdrHistogram.Histogram;

/** One stream: its numbers, what came damaged, and how long its frames took. Not safe across threads. */
public final class StreamCheck {
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 2;

    private final int stream;
    private final StreamTally tally = new StreamTally();
    private final Histogram delays = new Histogram(LONGEST_NANOS, DIGITS);
    private long damaged;
    private long leastNanos = Long.MAX_VALUE;
    private long mostNanos = Long.MIN_VALUE;

    StreamCheck(int stream) {
        this.stream = stream;
    }

    void receive(long sequence, long delayNanos) {
        tally.receive(sequence);
        leastNanos = Math.min(leastNanos, delayNanos);
        mostNanos = Math.max(mostNanos, delayNanos);
        delays.recordValue(Math.clamp(delayNanos, 0, LONGEST_NANOS));
    }

    void damage() {
        damaged++;
    }

    /** Returns the number of the stream: 32 bits without sign. */
    public long stream() {
        return Integer.toUnsignedLong(stream);
    }

    /** Returns what has become of its numbers. */
    public StreamTally tally() {
        return tally;
    }

    /** Frames that came damaged; their numbers, not to be believed, count as lost. */
    public long damaged() {
        return damaged;
    }

    /** The shortest delay in nanoseconds: capture time less send time. Negative if the clocks differ by more. */
    public long leastDelayNanos() {
        return leastNanos;
    }

    /** The longest delay in nanoseconds. */
    public long mostDelayNanos() {
        return mostNanos;
    }

    /** A percentile of the delays in nanoseconds, to 1 %; negative delays count as 0. */
    public long delayNanos(double percentile) {
        return delays.getValueAtPercentile(percentile);
    }

    /** Returns whether everything came once, in order, undamaged. */
    public boolean isWhole() {
        return damaged == 0
                && tally.lost() == 0
                && tally.duplicated() == 0
                && tally.reordered() == 0
                && tally.late() == 0;
    }
}
