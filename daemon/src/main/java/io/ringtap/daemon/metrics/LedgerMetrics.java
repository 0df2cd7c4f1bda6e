package io.ringtap.daemon.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every stage of the ledger as metrics, by the naming conventions of Prometheus: base units, {@code _total}. */
final class LedgerMetrics implements MultiCollector {
    private final Supplier<Ledger> ledger;

    LedgerMetrics(Supplier<Ledger> ledger) {
        this.ledger = ledger;
    }

    @Override
    public MetricSnapshots collect() {
        Ledger now = ledger.get();
        MetricFamilies families = new MetricFamilies();
        for (CaptureCounts capture : now.captures()) {
            capture(families, capture);
            beforeTap(families, capture);
            rings(families, capture);
            link(families, capture);
        }
        now.workers().forEach(worker -> worker(families, worker));
        now.injects().forEach(inject -> inject(families, inject));
        HandlerNames names = new HandlerNames();
        now.handlers().forEach(handler -> handler(families, handler, names));
        families.counter("ringtap_lost_frames", "Frames lost at all stages together.", now.lost());
        families.gauge("ringtap_in_flight_frames", "Frames in kernel rings and before workers.", now.inFlight());
        families.gauge(
                "ringtap_unaccounted_frames", "Frames the books cannot place: 0, or a defect.", now.unaccounted());
        return families.build();
    }

    private static void capture(MetricFamilies families, CaptureCounts c) {
        String[] labels = {"capture", c.name(), "interface", c.interfaceName()};
        families.counter(
                "ringtap_capture_received_frames",
                "Frames the kernel accepted for the capture, those it dropped among them.",
                c.received(),
                labels);
        families.counter(
                "ringtap_capture_kernel_dropped_frames",
                "Frames lost because the kernel ring was full.",
                c.kernelDropped(),
                labels);
        families.counter(
                "ringtap_capture_unread_frames",
                "Frames lost in the kernel ring of an interface that went before they could be read.",
                c.unread(),
                labels);
        c.interfaceDropped()
                .ifPresent(dropped -> families.counter(
                        "ringtap_capture_interface_dropped_frames",
                        "Frames lost in the interface, before the kernel saw them.",
                        dropped,
                        labels));
        families.counter("ringtap_capture_published_frames", "Frames handed on to the workers.", c.published(), labels);
        families.counter(
                "ringtap_capture_cut_frames",
                "Frames handed on of which less was captured than there was on the wire.",
                c.cut(),
                labels);
    }

    private static void beforeTap(MetricFamilies families, CaptureCounts c) {
        String[] labels = {"capture", c.name(), "interface", c.interfaceName()};
        c.beforeTap()
                .driverDropped()
                .ifPresent(dropped -> families.counter(
                        "ringtap_capture_driver_dropped_frames",
                        "Frames certainly lost in card and driver, by the driver's own counters.",
                        dropped,
                        labels));
        for (EarlyLoss loss : c.beforeTap().losses()) {
            families.counter(
                    "ringtap_capture_before_tap_frames",
                    "Frames that a counter before the tap tells of: lost where certain is true, else a hint.",
                    loss.frames(),
                    "capture",
                    c.name(),
                    "interface",
                    c.interfaceName(),
                    "cause",
                    loss.cause().text(),
                    "counter",
                    loss.counter(),
                    "certain",
                    String.valueOf(loss.cause().certain()));
        }
        c.beforeTap().softnet().ifPresent(softnet -> {
            families.counter(
                    "ringtap_capture_softnet_dropped_frames",
                    "Frames of all interfaces that a processor's backlog had no room for, since the capture's start.",
                    softnet.dropped(),
                    labels);
            families.counter(
                    "ringtap_capture_softnet_time_squeezes",
                    "Times a processor of the machine left received frames waiting, since the capture's start.",
                    softnet.squeezed(),
                    labels);
        });
    }

    private static void rings(MetricFamilies families, CaptureCounts c) {
        String[] labels = {"capture", c.name(), "interface", c.interfaceName()};
        families.seconds(
                "ringtap_capture_blocked_seconds",
                "Time that the capture waited for workers.",
                c.blockedNanos(),
                labels);
        families.gauge("ringtap_capture_ring_used_frames", "Slots of the ring in use.", c.ringUsed(), labels);
        families.gauge("ringtap_capture_ring_capacity_frames", "Slots of the ring.", c.ringCapacity(), labels);
        c.kernelRingFill()
                .ifPresent(fill -> families.measure(
                        "ringtap_capture_kernel_ring_fill_ratio",
                        "Share of the kernel ring that holds frames, of the fullest.",
                        fill,
                        labels));
    }

    private static void link(MetricFamilies families, CaptureCounts c) {
        String[] labels = {"capture", c.name(), "interface", c.interfaceName()};
        families.counter(
                "ringtap_capture_gaps",
                "Times in which no frame could come from the interface, one that lasts among them.",
                c.gaps().count(),
                labels);
        families.seconds(
                "ringtap_capture_gap_seconds",
                "Time in which no frame could come from the interface.",
                c.gaps().nanos(),
                labels);
        for (CaptureState state : CaptureState.values()) {
            families.gauge(
                    "ringtap_capture_state",
                    "1 for the state the capture is in.",
                    state == c.state() ? 1 : 0,
                    "capture",
                    c.name(),
                    "interface",
                    c.interfaceName(),
                    "state",
                    state.text());
        }
    }

    private static void worker(MetricFamilies families, WorkerCounts w) {
        String[] labels = {"worker", w.name(), "capture", w.capture()};
        families.counter(
                "ringtap_worker_delivered_frames", "Frames that every handler handled.", w.delivered(), labels);
        families.counter("ringtap_worker_failed_frames", "Frames that a handler threw on.", w.failed(), labels);
        families.counter("ringtap_worker_shed_frames", "Frames a detached worker had no room for.", w.shed(), labels);
        families.counter(
                "ringtap_worker_sampled_out_frames",
                "Frames of flows that the worker's sample leaves out.",
                w.sampledOut(),
                labels);
        families.counter(
                "ringtap_worker_sieved_frames",
                "Frames that a handler of an in-place worker left out before they came to this one.",
                w.sieved(),
                labels);
        families.counter(
                "ringtap_worker_duplicate_frames",
                "Frames that the worker's deduplicate left out, for they came before.",
                w.duplicate(),
                labels);
        families.seconds(
                "ringtap_worker_blocked_seconds",
                "Time that the capture waited for this worker.",
                w.blockedNanos(),
                labels);
        families.gauge("ringtap_worker_lag_frames", "Frames the slowest thread has still before it.", w.lag(), labels);
        w.load().ifPresent(load -> load(families, w, load));
        w.spill().ifPresent(spill -> spill(families, labels, spill));
    }

    private static void spill(MetricFamilies families, String[] labels, SpillCounts s) {
        families.gauge("ringtap_worker_spill_frames", "Frames that wait in the spill.", s.waiting(), labels);
        families.gauge("ringtap_worker_spill_bytes", "Bytes taken of the spill's limit.", s.bytes(), labels);
        families.gauge("ringtap_worker_spill_limit_bytes", "The spill's limit.", s.limitBytes(), labels);
        families.counter("ringtap_worker_spilled_frames", "Frames that went into the spill.", s.spilled(), labels);
        families.counter(
                "ringtap_worker_spill_resumed_frames",
                "Frames of an earlier run that were taken over with the spill.",
                s.resumed(),
                labels);
        families.counter(
                "ringtap_worker_spill_kept_frames", "Frames left in the spill for the next start.", s.kept(), labels);
        spillShed(families, labels, "full", s.shedFull());
        spillShed(families, labels, "failed", s.shedFailed());
        spillShed(families, labels, "slow", s.shedSlow());
        spillShed(families, labels, "unreadable", s.unreadable());
        s.caughtUpSeconds()
                .ifPresent(seconds -> families.measure(
                        "ringtap_worker_spill_caught_up_seconds",
                        "Time until nothing waits in the spill, as it goes on now.",
                        seconds,
                        labels));
        s.limitSeconds()
                .ifPresent(seconds -> families.measure(
                        "ringtap_worker_spill_until_limit_seconds",
                        "Time until the spill's limit is reached, as it goes on now.",
                        seconds,
                        labels));
    }

    private static void spillShed(MetricFamilies families, String[] labels, String cause, long frames) {
        families.counter(
                "ringtap_worker_spill_shed_frames",
                "Of the frames that were shed, those that the spill did not take, by cause.",
                frames,
                Stream.concat(Stream.of(labels), Stream.of("cause", cause)).toArray(String[]::new));
    }

    private static void load(MetricFamilies families, WorkerCounts w, WorkerLoad load) {
        String[] labels = {"worker", w.name(), "capture", w.capture()};
        families.measure(
                "ringtap_worker_busy_ratio",
                "Share of the last second or two in which the busiest thread was handling.",
                load.busyShare(),
                labels);
        load.lagNanos()
                .ifPresent(lag -> families.age(
                        "ringtap_worker_lag_seconds", "Age of the oldest frame not yet handled.", lag, labels));
        HandlerNames names = new HandlerNames();
        for (HandlerLoad handler : load.handlers()) {
            families.measure(
                    "ringtap_handler_busy_ratio",
                    "Share of the last second or two in which the busiest instance was handling, estimated.",
                    handler.busyShare(),
                    "worker",
                    w.name(),
                    "capture",
                    w.capture(),
                    "handler",
                    names.next(w.name(), w.capture(), handler.type()));
        }
    }

    private static void inject(MetricFamilies families, InjectCounts i) {
        String[] labels = {"stream", i.name(), "interface", i.interfaceName()};
        families.counter("ringtap_inject_sent_frames", "Frames the interface took.", i.sent(), labels);
        families.counter(
                "ringtap_inject_gaps",
                "Times in which no frame could go to the interface, one that lasts among them.",
                i.gaps().count(),
                labels);
        families.seconds(
                "ringtap_inject_gap_seconds",
                "Time in which no frame could go to the interface.",
                i.gaps().nanos(),
                labels);
        i.failures()
                .forEach((cause, count) -> families.counter(
                        "ringtap_inject_failed_frames",
                        "Frames not sent, by cause.",
                        count,
                        "stream",
                        i.name(),
                        "interface",
                        i.interfaceName(),
                        "cause",
                        cause));
        i.pace().ifPresent(pace -> PaceMetrics.add(families, pace, i.name(), i.interfaceName()));
    }

    /** Rows and columns are the handler's own words, so they are labels, not names. */
    private static void handler(MetricFamilies families, HandlerCounts h, HandlerNames names) {
        String handler = names.next(h.worker(), h.capture(), h.type());
        h.table()
                .forEach((row, columns) -> columns.forEach((column, value) -> {
                    String[] labels = {
                        "worker", h.worker(), "capture", h.capture(), "handler", handler, "row", row, "column", column
                    };
                    if (h.gauges().contains(column)) {
                        families.gauge(
                                "ringtap_handler_value", "What a handler publishes in its table.", value, labels);
                    } else {
                        families.counter("ringtap_handler_count", "What a handler counts in its table.", value, labels);
                    }
                }));
    }
}
