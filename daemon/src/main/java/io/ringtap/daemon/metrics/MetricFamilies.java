package io.ringtap.daemon.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Gathers the samples of one scrape, metric by metric; a metric without a sample is left out: absent, not 0. */
final class MetricFamilies {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();

    /** A count that only rises; {@code _total} is added to its name. A double is exact up to 2^53. */
    void counter(String name, String help, long count, String... labels) {
        add(name, help, (double) count, labels);
    }

    /** A time that only grows, from nanoseconds; {@code _total} is added to its name. */
    void seconds(String name, String help, long nanos, String... labels) {
        add(name, help, nanos / NANOS_PER_SECOND, labels);
    }

    private void add(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(name, n -> CounterSnapshot.builder().name(n).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** A number that rises and falls. */
    void gauge(String name, String help, long value, String... labels) {
        put(name, help, (double) value, labels);
    }

    /** A time that rises and falls, from nanoseconds. */
    void age(String name, String help, long nanos, String... labels) {
        put(name, help, nanos / NANOS_PER_SECOND, labels);
    }

    /** A share from 0 to 1. */
    void ratio(String name, String help, double value, String... labels) {
        put(name, help, value, labels);
    }

    private void put(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    MetricSnapshots build() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(metric -> all.metricSnapshot(metric.build()));
        gauges.values().forEach(metric -> all.metricSnapshot(metric.build()));
        return all.build();
    }
}
