package io.ringtap.daemon.metrics;

import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Throughput;

/** The pace of a stream as metrics. */
final class PaceMetrics {
    private PaceMetrics() {}

    static void add(MetricFamilies families, PaceReport pace, String stream, String interfaceName) {
        String[] labels = {"stream", stream, "interface", interfaceName};
        String since = " since the stream's latest start or change of rate, on average.";
        pace.asked().ifPresent(asked -> {
            families.measure(
                    "ringtap_inject_asked_frames_per_second",
                    "Frames a second that fell due" + since,
                    asked.framesPerSecond(),
                    labels);
            bytes(families, "ringtap_inject_asked_bytes_per_second", "Bytes that fell due" + since, asked, labels);
        });
        families.measure(
                "ringtap_inject_achieved_frames_per_second",
                "Frames a second that were sent" + since,
                pace.achieved().framesPerSecond(),
                labels);
        bytes(
                families,
                "ringtap_inject_achieved_bytes_per_second",
                "Bytes that were sent" + since,
                pace.achieved(),
                labels);
        pace.deviation().ifPresent(late -> {
            late(families, "0.5", late.p50Nanos(), labels);
            late(families, "0.99", late.p99Nanos(), labels);
            late(families, "0.999", late.p999Nanos(), labels);
            late(families, "1", late.maxNanos(), labels);
        });
    }

    private static void bytes(
            MetricFamilies families, String name, String help, Throughput throughput, String... labels) {
        throughput.bitsPerSecond().ifPresent(bits -> families.measure(name, help, bits / Byte.SIZE, labels));
    }

    private static void late(MetricFamilies families, String share, long nanos, String... labels) {
        families.age(
                "ringtap_inject_deviation_seconds",
                "How late frames were sent, at most, of a share of all since the stream's latest start or change of rate.",
                nanos,
                labels[0],
                labels[1],
                labels[2],
                labels[3],
                "share",
                share);
    }
}
