package io.ringtap.ledger;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A report on the pace of a stream, from its latest start, or change of rate, on to its latest frame.
 *
 * @param asked what its deadlines add up to; absent if nothing says when its frames should go
 * @param achieved what went out, failed frames not among it
 * @param deviation how long after their deadlines frames were handed to the interface; absent as {@code asked}
 */
public record PaceReport(Optional<Throughput> asked, Throughput achieved, Optional<Deviation> deviation) {
    /**
     * On average over that time.
     *
     * @param framesPerSecond frames
     * @param bitsPerSecond bits at layer 2, without frame check sequence; absent unless the stream's rate is in bits
     */
    public record Throughput(double framesPerSecond, OptionalDouble bitsPerSecond) {}

    /**
     * Percentiles over all frames of that time, to about a percent; no frame goes early.
     *
     * @param p50Nanos half of the frames were not later
     * @param p99Nanos all but one in a hundred
     * @param p999Nanos all but one in a thousand
     * @param maxNanos the latest
     */
    public record Deviation(long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {}
}
