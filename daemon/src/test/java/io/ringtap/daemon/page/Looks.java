package io.ringtap.daemon.page;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Looks at a daemon with a capture, a worker and a stream, at seconds and with counts that a test chooses. */
final class Looks {
    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private Looks() {}

    /** One on which nothing was lost. */
    static StatsLook at(double second, long received) {
        return at(second, received, 0, 0, GapCounts.NONE);
    }

    static StatsLook at(double second, long received, long dropped, long blockedNanos, GapCounts gaps) {
        CaptureCounts capture = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                received,
                dropped,
                0,
                OptionalLong.empty(),
                received - dropped,
                0,
                0,
                1_024,
                4_096,
                blockedNanos,
                OptionalDouble.of(0.25),
                gaps);
        WorkerCounts worker = new WorkerCounts(
                "analysis",
                "uplink",
                "gate",
                received - dropped,
                received - dropped,
                0,
                0,
                0,
                0,
                0,
                blockedNanos,
                Optional.of(new WorkerLoad(0.5, OptionalLong.of(2_000_000), List.of())));
        PaceReport pace = new PaceReport(
                Optional.empty(),
                new PaceReport.Throughput(10, OptionalDouble.empty()),
                Optional.of(new PaceReport.Deviation(1_000, 2_000, 3_000, 4_000)));
        InjectCounts stream = new InjectCounts(
                "beacon", "ens192", received / 10, 0, new TreeMap<>(), GapCounts.NONE, Optional.of(pace));
        HandlerCounts latency = new HandlerCounts(
                "analysis",
                "uplink",
                "latency",
                new TreeMap<>(Map.of(
                        "kernel to handler", new TreeMap<>(Map.of("frames", 5L, "p99 us", 400L)),
                        "in the last second", new TreeMap<>(Map.of("p50 us", 0L, "p99 us", 250L)))),
                Set.of("p50 us", "p99 us"));
        return new StatsLook(
                new Ledger(List.of(capture), List.of(worker), List.of(stream), List.of(latency), false),
                START.plusMillis((long) (second * 1_000)),
                Duration.ofMillis((long) (second * 1_000)));
    }
}
