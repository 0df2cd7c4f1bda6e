package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Loss;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.Softnet;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every field of {@code stats}, once: what {@link StatsJson} writes and {@link StatsReader} reads. The names are a contract: fields
 * may be added, none is renamed or removed. What an older daemon does not write has a default here.
 */
final class StatsFields {
    private StatsFields() {}

    static StatsLook look(JsonFields<StatsLook> f) {
        Instant timestamp = f.instant("timestamp", StatsLook::timestamp);
        Duration uptime =
                Duration.ofNanos(f.nanos("uptime_seconds", look -> look.uptime().toNanos()));
        List<CaptureCounts> captures = f.list("captures", look -> look.ledger().captures(), StatsFields::capture);
        List<WorkerCounts> workers = f.list("workers", look -> look.ledger().workers(), StatsFields::worker);
        List<InjectCounts> injects = f.list("injects", look -> look.ledger().injects(), StatsFields::inject);
        List<HandlerCounts> handlers =
                f.optionalList("handlers", look -> look.ledger().handlers(), StatsFields::handler);
        boolean drained =
                f.object("ledger", StatsLook::ledger, StatsFields::drained).orElse(false);
        List<TapCounts> taps = f.optionalList("taps", StatsLook::taps, StatsFields::tap);
        return new StatsLook(new Ledger(captures, workers, injects, handlers, drained), timestamp, uptime, taps);
    }

    private static TapCounts tap(JsonFields<TapCounts> f) {
        return new TapCounts(
                f.text("capture", TapCounts::capture),
                f.text("user", TapCounts::user),
                f.text("filter", TapCounts::filter),
                f.count("passed", TapCounts::passed),
                f.count("shed", TapCounts::shed));
    }

    private static CaptureCounts capture(JsonFields<CaptureCounts> f) {
        return new CaptureCounts(
                f.text("name", CaptureCounts::name),
                f.text("interface", CaptureCounts::interfaceName),
                state(f.text("state", capture -> capture.state().text())),
                f.count("received", CaptureCounts::received),
                f.count("kernel_dropped", CaptureCounts::kernelDropped),
                f.optionalCount("unread", capture -> OptionalLong.of(capture.unread()))
                        .orElse(0),
                f.optionalCount("interface_dropped", CaptureCounts::interfaceDropped),
                f.count("published", CaptureCounts::published),
                f.optionalCount("cut", capture -> OptionalLong.of(capture.cut()))
                        .orElse(0),
                f.optionalCount("outgoing", StatsFields::outgoing).orElse(0),
                f.count("ring_used", CaptureCounts::ringUsed),
                f.count("ring_capacity", CaptureCounts::ringCapacity),
                f.optionalNanos("blocked_seconds", capture -> OptionalLong.of(capture.blockedNanos()))
                        .orElse(0),
                f.optionalShare("kernel_ring_fill", CaptureCounts::kernelRingFill),
                f.part(CaptureCounts::gaps, StatsFields::gapsIfAny),
                f.part(CaptureCounts::beforeTap, StatsFields::beforeTap),
                f.optionalPart("file_bytes", CaptureCounts::progress, StatsFields::progress));
    }

    private static FileProgress progress(JsonFields<FileProgress> f) {
        OptionalDouble _ = f.optionalRate("file_left_seconds", FileProgress::secondsLeft); // follows from the others
        return new FileProgress(
                f.count("file_read_bytes", FileProgress::readBytes),
                f.count("file_bytes", FileProgress::bytes),
                (int) f.count("files_left", FileProgress::filesLeft),
                (int) f.count("files", FileProgress::files),
                f.rate("file_seconds", FileProgress::seconds));
    }

    private static BeforeTap beforeTap(JsonFields<BeforeTap> f) {
        OptionalLong _ = f.optionalCount("driver_dropped", BeforeTap::driverDropped); // the certain ones' sum
        return new BeforeTap(
                f.optionalPart(
                                "before_tap",
                                told -> Optional.of(told)
                                        .filter(any -> !any.losses().isEmpty()),
                                StatsFields::losses)
                        .orElse(List.of()),
                f.optionalPart("softnet_dropped", BeforeTap::softnet, StatsFields::softnet));
    }

    private static List<EarlyLoss> losses(JsonFields<BeforeTap> f) {
        return f.list("before_tap", BeforeTap::losses, StatsFields::loss);
    }

    private static EarlyLoss loss(JsonFields<EarlyLoss> f) {
        EarlyLoss.Cause cause =
                EarlyLoss.Cause.named(f.text("cause", loss -> loss.cause().text()));
        String counter = f.text("counter", EarlyLoss::counter);
        long frames = f.count("frames", EarlyLoss::frames);
        f.derived("certain", loss -> new JsonPrimitive(loss.cause().certain()));
        return new EarlyLoss(cause, counter, frames);
    }

    private static Softnet softnet(JsonFields<Softnet> f) {
        return new Softnet(
                f.count("softnet_dropped", Softnet::dropped),
                f.count("softnet_time_squeezed", Softnet::squeezed),
                f.optionalCount("netdev_max_backlog", Softnet::maxBacklog));
    }

    private static OptionalLong outgoing(CaptureCounts capture) {
        return capture.outgoing() > 0 ? OptionalLong.of(capture.outgoing()) : OptionalLong.empty();
    }

    private static CaptureState state(String text) {
        return named(CaptureState.values(), CaptureState::text, text, "state of a capture");
    }

    private static <E> E named(E[] all, Function<E, String> text, String name, String what) {
        return Stream.of(all)
                .filter(each -> text.apply(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown " + what + ": " + name));
    }

    private static GapCounts gapsIfAny(JsonFields<GapCounts> f) {
        return f.optionalPart("gap_count", Optional::of, StatsFields::gaps).orElse(GapCounts.NONE);
    }

    private static GapCounts gaps(JsonFields<GapCounts> f) {
        return new GapCounts(
                f.count("gap_count", GapCounts::count),
                f.nanos("gap_seconds", GapCounts::nanos),
                f.list("gaps", GapCounts::latest, StatsFields::gap));
    }

    private static Gap gap(JsonFields<Gap> f) {
        return new Gap(
                f.instant("from", Gap::from),
                f.optionalInstant("to", Gap::to),
                f.nanos("seconds", Gap::nanos),
                named(
                        Gap.Cause.values(),
                        Gap.Cause::text,
                        f.text("cause", gap -> gap.cause().text()),
                        "cause of a gap"),
                f.optionalText("detail", gap -> Optional.of(gap.detail()).filter(detail -> !detail.isEmpty()))
                        .orElse(""));
    }

    private static WorkerCounts worker(JsonFields<WorkerCounts> f) {
        String name = f.text("name", WorkerCounts::name);
        String capture = f.text("capture", WorkerCounts::capture);
        long delivered = f.count("delivered", WorkerCounts::delivered);
        long failed = f.count("failed", WorkerCounts::failed);
        long shed = f.count("shed", WorkerCounts::shed);
        long lag = f.count("lag", WorkerCounts::lag);
        OptionalLong published = f.optionalCount("published", worker -> OptionalLong.of(worker.published()));
        OptionalLong blockedNanos =
                f.optionalNanos("blocked_seconds", worker -> OptionalLong.of(worker.blockedNanos()));
        Optional<String> delivery = f.optionalText("delivery", worker -> Optional.of(worker.delivery()));
        f.derived("shed_share", worker -> JsonFields.fromShare(worker.shedShare()));
        long sampledOut = f.optionalCount("sampled_out", worker -> OptionalLong.of(worker.sampledOut()))
                .orElse(0);
        long sieved = f.optionalCount("sieved", worker -> OptionalLong.of(worker.sieved()))
                .orElse(0);
        long duplicate = f.optionalCount("duplicate", worker -> OptionalLong.of(worker.duplicate()))
                .orElse(0);
        return new WorkerCounts(
                name,
                capture,
                delivery.orElse(shed > 0 ? WorkerCounts.DETACH : WorkerCounts.GATE),
                published.orElse(delivered + failed + shed + sampledOut + sieved + duplicate),
                delivered,
                failed,
                shed,
                sampledOut,
                sieved,
                duplicate,
                lag,
                blockedNanos.orElse(0),
                f.optionalPart("busy_share", WorkerCounts::load, StatsFields::load),
                f.optionalPart("spill_frames", WorkerCounts::spill, StatsFields::spill));
    }

    private static SpillCounts spill(JsonFields<SpillCounts> f) {
        OptionalDouble _ = f.optionalRate("spill_caught_up_seconds", SpillCounts::caughtUpSeconds); // both follow
        OptionalDouble _ = f.optionalRate("spill_until_limit_seconds", SpillCounts::limitSeconds);
        return new SpillCounts(
                f.count("spill_frames", SpillCounts::waiting),
                f.count("spill_bytes", SpillCounts::bytes),
                f.count("spill_limit_bytes", SpillCounts::limitBytes),
                f.count("spilled", SpillCounts::spilled),
                f.count("spill_resumed", SpillCounts::resumed),
                f.count("spill_kept", SpillCounts::kept),
                f.count("spill_shed_full", SpillCounts::shedFull),
                f.count("spill_shed_failed", SpillCounts::shedFailed),
                f.count("spill_shed_slow", SpillCounts::shedSlow),
                f.count("spill_unreadable", SpillCounts::unreadable),
                f.part(SpillCounts::in, rate -> spillRate(rate, "spill_in")),
                f.part(SpillCounts::out, rate -> spillRate(rate, "spill_out")),
                f.optionalText(
                                "spill_fault",
                                spill -> Optional.of(spill.fault()).filter(fault -> !fault.isEmpty()))
                        .orElse(""));
    }

    private static SpillCounts.Rate spillRate(JsonFields<SpillCounts.Rate> f, String what) {
        return new SpillCounts.Rate(
                f.rate(what + "_pps", SpillCounts.Rate::framesPerSecond),
                f.rate(what + "_bytes_per_second", SpillCounts.Rate::bytesPerSecond));
    }

    private static WorkerLoad load(JsonFields<WorkerLoad> f) {
        return new WorkerLoad(
                f.share("busy_share", WorkerLoad::busyShare),
                f.optionalNanos("lag_seconds", WorkerLoad::lagNanos),
                f.optionalList("handlers", WorkerLoad::handlers, StatsFields::handlerLoad));
    }

    private static HandlerLoad handlerLoad(JsonFields<HandlerLoad> f) {
        return new HandlerLoad(
                f.text("type", HandlerLoad::type),
                f.optionalText("filter", load -> Optional.of(load.filter())).orElse(""),
                f.count("frames", HandlerLoad::frames),
                f.share("busy_share", HandlerLoad::busyShare),
                f.optionalNanos("p50_seconds", HandlerLoad::medianNanos),
                f.optionalNanos("p99_seconds", HandlerLoad::p99Nanos));
    }

    private static InjectCounts inject(JsonFields<InjectCounts> f) {
        return new InjectCounts(
                f.text("name", InjectCounts::name),
                f.text("interface", InjectCounts::interfaceName),
                f.count("sent", InjectCounts::sent),
                f.count("failed", InjectCounts::failed),
                f.counts("failures", InjectCounts::failures),
                f.part(InjectCounts::gaps, StatsFields::gapsIfAny),
                f.optionalPart("achieved_pps", InjectCounts::pace, StatsFields::pace));
    }

    static PaceReport pace(JsonFields<PaceReport> f) {
        return new PaceReport(
                f.optionalPart("asked_pps", PaceReport::asked, asked -> throughput(asked, "asked")),
                f.part(PaceReport::achieved, achieved -> throughput(achieved, "achieved")),
                f.optionalPart("deviation_p50_seconds", PaceReport::deviation, StatsFields::deviation));
    }

    private static PaceReport.Throughput throughput(JsonFields<PaceReport.Throughput> f, String what) {
        return new PaceReport.Throughput(
                f.rate(what + "_pps", PaceReport.Throughput::framesPerSecond),
                f.optionalRate(what + "_bps", PaceReport.Throughput::bitsPerSecond));
    }

    private static PaceReport.Deviation deviation(JsonFields<PaceReport.Deviation> f) {
        return new PaceReport.Deviation(
                f.nanos("deviation_p50_seconds", PaceReport.Deviation::p50Nanos),
                f.nanos("deviation_p99_seconds", PaceReport.Deviation::p99Nanos),
                f.nanos("deviation_p999_seconds", PaceReport.Deviation::p999Nanos),
                f.nanos("deviation_max_seconds", PaceReport.Deviation::maxNanos));
    }

    private static HandlerCounts handler(JsonFields<HandlerCounts> f) {
        return new HandlerCounts(
                f.text("worker", HandlerCounts::worker),
                f.text("capture", HandlerCounts::capture),
                f.text("type", HandlerCounts::type),
                f.field("table", HandlerCounts::table, StatsFields::fromTable, StatsFields::toTable),
                f.optionalTexts("gauges", HandlerCounts::gauges));
    }

    private static JsonElement fromTable(SortedMap<String, SortedMap<String, Long>> table) {
        JsonObject rows = new JsonObject();
        table.forEach((row, columns) -> rows.add(row, JsonFields.fromCounts(columns)));
        return rows;
    }

    private static SortedMap<String, SortedMap<String, Long>> toTable(JsonElement json) {
        SortedMap<String, SortedMap<String, Long>> table = new TreeMap<>();
        json.getAsJsonObject().entrySet().forEach(row -> table.put(row.getKey(), JsonFields.toCounts(row.getValue())));
        return table;
    }

    /** Returns what the books come to: worked out anew from the counts by whoever reads them, but for this. */
    private static boolean drained(JsonFields<Ledger> f) {
        f.derived("received", ledger -> new JsonPrimitive(ledger.received()));
        f.derived("lost", ledger -> new JsonPrimitive(ledger.lost()));
        f.derived("in_flight", ledger -> new JsonPrimitive(ledger.inFlight()));
        f.derived("unaccounted", ledger -> new JsonPrimitive(ledger.unaccounted()));
        f.derived("verdict", ledger -> new JsonPrimitive(ledger.verdict()));
        f.derived("losses", StatsFields::losses);
        return f.flag("drained", Ledger::drained, false);
    }

    private static JsonArray losses(Ledger ledger) {
        JsonArray all = new JsonArray();
        for (Loss loss : ledger.losses()) {
            JsonObject json = new JsonObject();
            json.addProperty("stage", loss.stage().text());
            json.addProperty("capture", loss.capture());
            loss.worker().ifPresent(worker -> json.addProperty("worker", worker));
            json.addProperty("frames", loss.frames());
            json.addProperty("cause", loss.cause());
            json.addProperty("cure", loss.cure());
            all.add(json);
        }
        return all;
    }
}
