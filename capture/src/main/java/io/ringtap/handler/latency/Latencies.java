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

    private static final long SECOND_NANOS = 1_000_000_000;

    private final Histogram all = new Histogram(LatencyHandler.HIGHEST_NANOS, DIGITS);
    private final Histogram lately = new Histogram(LatencyHandler.HIGHEST_NANOS, DIGITS);
    private final Percentiles ofAll;
    private final Percentiles ofLastSecond;
    private long secondBegan;

    /** Where percentiles are shown, in microseconds: a gauge each. */
    private record Percentiles(Map<Double, Gauge> gauges) {
        static Percentiles of(Function<String, Gauge> gauge) {
            Map<Double, Gauge> gauges = new LinkedHashMap<>();
            gauges.put(50.0, gauge.apply("p50 us"));
            gauges.put(90.0, gauge.apply("p90 us"));
            gauges.put(99.0, gauge.apply("p99 us"));
            gauges.put(99.9, gauge.apply("p99.9 us"));
            gauges.put(MOST, gauge.apply("max us"));
            return new Percentiles(gauges);
        }

        void show(Histogram of) {
            gauges.forEach((percentile, gauge) ->
                    gauge.set((of.getValueAtPercentile(percentile) + NANOS_PER_MICRO / 2) / NANOS_PER_MICRO));
        }
    }

    /**
     * None so far.
     *
     * @param all makes the gauge of a percentile of all, by its column
     * @param lastSecond makes that of the last whole second
     */
    Latencies(Function<String, Gauge> all, Function<String, Gauge> lastSecond, long nanoTime) {
        ofAll = Percentiles.of(all);
        ofLastSecond = Percentiles.of(lastSecond);
        secondBegan = nanoTime;
    }

    /** Adds a thread's latencies, and empties what it gave them in. A second without a frame shows 0. */
    synchronized void add(Histogram since, long nanoTime) {
        if (since.getTotalCount() > 0) {
            all.add(since);
            lately.add(since);
            since.reset();
            ofAll.show(all);
        }
        if (nanoTime - secondBegan >= SECOND_NANOS) {
            secondBegan = nanoTime;
            ofLastSecond.show(lately);
            lately.reset();
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
