package io.ringtap.daemon.page;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.page.Reading.Chart;
import io.ringtap.handler.latency.LatencyHandler;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Loss;
import io.ringtap.ledger.WorkerCounts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Makes of two looks, one after the other, what the charts show. */
final class Readings {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_SECOND = 1e6;

    private final StatsLook before;
    private final StatsLook now;
    private final double seconds;
    private final List<Reading> all = new ArrayList<>();

    private Readings(StatsLook before, StatsLook now) {
        this.before = before;
        this.now = now;
        seconds = now.uptime().minus(before.uptime()).toNanos() / NANOS_PER_SECOND;
    }

    /** Returns what there is to show; each name once a chart. */
    static List<Reading> of(StatsLook before, StatsLook now) {
        Readings readings = new Readings(before, now);
        Ledger ledger = now.ledger();
        ledger.captures().forEach(readings::capture);
        ledger.workers().forEach(readings::worker);
        ledger.injects().forEach(readings::stream);
        readings.losses(ledger.since(before.ledger()));
        ledger.handlers().stream()
                .filter(handler -> handler.type().equals("latency"))
                .forEach(readings::latency);
        return readings.all;
    }

    private void add(Chart chart, String name, double value) {
        all.add(new Reading(chart, name, value));
    }

    private void capture(CaptureCounts capture) {
        List<CaptureCounts> then = before.ledger().captures().stream()
                .filter(each -> each.name().equals(capture.name()))
                .toList();
        rate(capture.name() + " received", capture, then, CaptureCounts::received);
        if (capture.ringCapacity() > 0) {
            add(Chart.FILL, capture.name() + " ring", (double) capture.ringUsed() / capture.ringCapacity());
        }
        capture.kernelRingFill().ifPresent(fill -> add(Chart.FILL, capture.name() + " kernel ring", fill));
    }

    private void worker(WorkerCounts worker) {
        List<WorkerCounts> then = before.ledger().workers().stream()
                .filter(each ->
                        each.name().equals(worker.name()) && each.capture().equals(worker.capture()))
                .toList();
        String name = worker.name() + " on " + worker.capture();
        rate(name + " handled", worker, then, WorkerCounts::delivered);
        worker.load().ifPresent(load -> {
            add(Chart.BUSY, name, load.busyShare());
            load.lagNanos().ifPresent(lag -> add(Chart.LAG, name, Math.max(0, lag) / NANOS_PER_SECOND));
        });
    }

    private void stream(InjectCounts stream) {
        List<InjectCounts> then = before.ledger().injects().stream()
                .filter(each -> each.name().equals(stream.name())
                        && each.interfaceName().equals(stream.interfaceName()))
                .toList();
        rate(stream.name() + " sent", stream, then, InjectCounts::sent);
        stream.pace().flatMap(pace -> pace.deviation()).ifPresent(deviation -> {
            add(Chart.DEVIATION, stream.name() + " p50", deviation.p50Nanos() / NANOS_PER_SECOND);
            add(Chart.DEVIATION, stream.name() + " p99", deviation.p99Nanos() / NANOS_PER_SECOND);
            add(Chart.DEVIATION, stream.name() + " p99.9", deviation.p999Nanos() / NANOS_PER_SECOND);
        });
    }

    /** What has just begun was at 0. */
    private <C> void rate(String name, C counts, List<C> then, ToLongFunction<C> count) {
        long earlier = then.stream().mapToLong(count).findFirst().orElse(0);
        add(Chart.FRAMES, name, (count.applyAsLong(counts) - earlier) / seconds);
    }

    /** A line for each stage at which anything has ever been lost, at 0 while nothing is. */
    private void losses(Ledger since) {
        Set<String> stages = new HashSet<>();
        for (Loss loss : now.ledger().losses()) {
            String stage = stage(loss);
            if (stages.add(stage)) {
                long frames = since.losses().stream()
                        .filter(lately -> stage(lately).equals(stage))
                        .mapToLong(Loss::frames)
                        .sum();
                add(Chart.LOST, stage, frames / seconds);
            }
        }
    }

    private static String stage(Loss loss) {
        return switch (loss.stage()) {
            case INTERFACE -> loss.capture() + " before the tap";
            case KERNEL_RING -> loss.capture() + " kernel ring";
            case QUEUE -> loss.capture() + " queue of " + loss.worker().orElse("");
        };
    }

    /** Its columns are percentiles, such as "p99 us"; a second without a frame has none. */
    private void latency(HandlerCounts handler) {
        Map<String, Long> percentiles = handler.table().get(LatencyHandler.LATELY);
        if (percentiles == null) {
            return; // those of a capture file
        }
        percentiles.forEach((column, micros) -> {
            if (micros > 0) {
                String percentile = column.substring(0, column.indexOf(' '));
                String name = handler.worker() + " on " + handler.capture() + " " + percentile;
                add(Chart.LATENCY, name, micros / MICROS_PER_SECOND);
            }
        });
    }
}
