package io.ringtap.handler.latency;

import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Gauge;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** The latencies that all threads of a worker have measured on one capture. Any thread. */
final class Latencies {
    /** Significant decimal digits of a percentile. */
    static final int DIGITS = 3;

    private static final double MOST = 100;
    private static final long NANOS_PER_MICRO = 1000;

    private final Histogram all = new Histogram(LatencyHandler.HIGHEST_NANOS, DIGITS);
    private final Map<Double, Gauge> percentiles = new LinkedHashMap<>();

    /** None so far; {@code gauge} makes the gauge of a percentile, by its column. */
    Latencies(Function<String, Gauge> gauge) {
        percentiles.put(50.0, gauge.apply("p50 us"));
        percentiles.put(90.0, gauge.apply("p90 us"));
        percentiles.put(99.0, gauge.apply("p99 us"));
        percentiles.put(99.9, gauge.apply("p99.9 us"));
        percentiles.put(MOST, gauge.apply("max us"));
    }

    /** Adds a thread's latencies, and empties what it gave them in. */
    synchronized void add(Histogram since) {
        if (since.getTotalCount() > 0) {
            all.add(since);
            since.reset();
            percentiles.forEach((percentile, gauge) ->
                    gauge.set((all.getValueAtPercentile(percentile) + NANOS_PER_MICRO / 2) / NANOS_PER_MICRO));
        }
    }

    /** Logs what there is. */
    synchronized void log(HandlerContext context) {
        context.log(String.format(
                Locale.ROOT,
                "latency frames=%d p50_ns=%d p90_ns=%d p99_ns=%d p99.9_ns=%d p99.99_ns=%d max_ns=%d",
                all.getTotalCount(),
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(90),
                all.getValueAtPercentile(99),
                all.getValueAtPercentile(99.9),
                all.getValueAtPercentile(99.99),
                all.getMaxValue()));
    }
}
