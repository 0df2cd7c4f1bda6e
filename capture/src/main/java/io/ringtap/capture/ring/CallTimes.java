package io.ringtap.capture.ring;

import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * The durations of one handler's latest sampled calls: of the last {@value #TURN_NANOS} ns to twice as much, or of the last
 * {@value #TURN_CALLS} to twice as many if that goes back further. One thread writes, any reads.
 */
final class CallTimes {
    private static final long TURN_NANOS = 10_000_000_000L;
    private static final long TURN_CALLS = 1_000;
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 2;

    /** The calls since the last turn, and those before it. */
    private record Times(AtomicHistogram now, AtomicHistogram before) {}

    private volatile Times times = new Times(newHistogram(), newHistogram());
    private long calls;
    private long turnedAt;

    CallTimes(long nanoTime) {
        turnedAt = nanoTime;
    }

    private static AtomicHistogram newHistogram() {
        return new AtomicHistogram(LONGEST_NANOS, DIGITS);
    }

    void record(long nanos, long nanoTime) {
        times.now().recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
        if (++calls >= TURN_CALLS && nanoTime - turnedAt >= TURN_NANOS) {
            turn(nanoTime);
        }
    }

    private void turn(long nanoTime) {
        AtomicHistogram emptied = times.before();
        emptied.reset();
        times = new Times(emptied, times.now());
        calls = 0;
        turnedAt = nanoTime;
    }

    /** Adds what there is to a histogram; any thread. */
    void addTo(Histogram sum) {
        Times latest = times;
        sum.add(latest.now());
        sum.add(latest.before());
    }

    /** An empty histogram that {@link #addTo} can add to. */
    static Histogram sum() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }
}
