package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.WorkerCounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The object that {@code ringtap stats --json} prints. Its names are a contract with those who parse it: fields may be
 * added, none is renamed or removed. {@link StatsReader} is the way back.
 */
public final class StatsJson {
    private static final int NANO_DIGITS = 9;

    private static final int SHARE_DIGITS = 5;

    private static final MathContext RATE_DIGITS = new MathContext(9);

    private StatsJson() {}

    /** The control call {@code stats}: what {@code look} sees when it is called. */
    public static Function<JsonObject, JsonElement> call(Supplier<StatsLook> look) {
        return _ -> write(look.get());
    }

    /** The object for a look. A count that is not available is absent. */
    public static JsonObject write(StatsLook look) {
        Ledger ledger = look.ledger();
        JsonObject json = new JsonObject();
        json.addProperty(
                "timestamp", look.timestamp().truncatedTo(ChronoUnit.MILLIS).toString());
        json.add("uptime_seconds", seconds(look.uptime().toNanos()));
        json.add("captures", array(ledger.captures(), StatsJson::capture));
        json.add("workers", array(ledger.workers(), StatsJson::worker));
        json.add("injects", array(ledger.injects(), StatsJson::inject));
        json.add("handlers", array(ledger.handlers(), StatsJson::handler));
        json.add("ledger", balance(ledger));
        return json;
    }

    /** Nanoseconds as seconds, exactly. */
    public static JsonPrimitive seconds(long nanos) {
        BigDecimal seconds = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
        return new JsonPrimitive(new BigDecimal(seconds.toPlainString()));
    }

    private static <T> JsonArray array(List<T> all, Function<T, JsonElement> one) {
        JsonArray array = new JsonArray();
        all.forEach(each -> array.add(one.apply(each)));
        return array;
    }

    private static JsonObject capture(CaptureCounts capture) {
        JsonObject json = new JsonObject();
        json.addProperty("name", capture.name());
        json.addProperty("interface", capture.interfaceName());
        json.addProperty("state", capture.state().text());
        json.addProperty("received", capture.received());
        json.addProperty("kernel_dropped", capture.kernelDropped());
        json.addProperty("unread", capture.unread());
        capture.interfaceDropped().ifPresent(dropped -> json.addProperty("interface_dropped", dropped));
        json.addProperty("published", capture.published());
        json.addProperty("ring_used", capture.ringUsed());
        json.addProperty("ring_capacity", capture.ringCapacity());
        json.add("blocked_seconds", seconds(capture.blockedNanos()));
        capture.kernelRingFill().ifPresent(fill -> json.add("kernel_ring_fill", share(fill)));
        gaps(capture.gaps(), json);
        return json;
    }

    private static void gaps(GapCounts gaps, JsonObject json) {
        json.addProperty("gap_count", gaps.count());
        json.add("gap_seconds", seconds(gaps.nanos()));
        json.add("gaps", array(gaps.latest(), StatsJson::gap));
    }

    private static JsonObject gap(Gap gap) {
        JsonObject json = new JsonObject();
        json.addProperty("from", gap.from().truncatedTo(ChronoUnit.MILLIS).toString());
        gap.to()
                .ifPresent(to ->
                        json.addProperty("to", to.truncatedTo(ChronoUnit.MILLIS).toString()));
        json.add("seconds", seconds(gap.nanos()));
        json.addProperty("cause", gap.cause().text());
        if (!gap.detail().isEmpty()) {
            json.addProperty("detail", gap.detail());
        }
        return json;
    }

    private static JsonObject worker(WorkerCounts worker) {
        JsonObject json = new JsonObject();
        json.addProperty("name", worker.name());
        json.addProperty("capture", worker.capture());
        json.addProperty("delivered", worker.delivered());
        json.addProperty("failed", worker.failed());
        json.addProperty("shed", worker.shed());
        json.addProperty("lag", worker.lag());
        json.addProperty("published", worker.published());
        json.add("blocked_seconds", seconds(worker.blockedNanos()));
        json.addProperty("delivery", worker.detached() ? "detach" : "gate");
        json.add("shed_share", share(worker.shedShare()));
        json.addProperty("sampled_out", worker.sampledOut());
        worker.load().ifPresent(load -> {
            json.add("busy_share", share(load.busyShare()));
            load.lagNanos().ifPresent(lag -> json.add("lag_seconds", seconds(lag)));
            json.add("handlers", array(load.handlers(), StatsJson::handlerLoad));
        });
        return json;
    }

    private static JsonObject handlerLoad(HandlerLoad handler) {
        JsonObject json = new JsonObject();
        json.addProperty("type", handler.type());
        json.addProperty("filter", handler.filter());
        json.addProperty("frames", handler.frames());
        json.add("busy_share", share(handler.busyShare()));
        handler.medianNanos().ifPresent(nanos -> json.add("p50_seconds", seconds(nanos)));
        handler.p99Nanos().ifPresent(nanos -> json.add("p99_seconds", seconds(nanos)));
        return json;
    }

    /** From 0 to 1, to a thousandth of a percent. */
    private static JsonPrimitive share(double share) {
        BigDecimal rounded = BigDecimal.valueOf(share)
                .setScale(SHARE_DIGITS, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return new JsonPrimitive(new BigDecimal(rounded.toPlainString()));
    }

    private static JsonObject inject(InjectCounts inject) {
        JsonObject json = new JsonObject();
        json.addProperty("name", inject.name());
        json.addProperty("interface", inject.interfaceName());
        json.addProperty("sent", inject.sent());
        json.addProperty("failed", inject.failed());
        json.add("failures", counts(inject.failures()));
        gaps(inject.gaps(), json);
        inject.pace().ifPresent(pace -> pace(json, pace));
        return json;
    }

    /** Adds how a stream keeps its pace. */
    public static void pace(JsonObject json, PaceReport pace) {
        pace.asked().ifPresent(asked -> throughput(json, "asked", asked));
        throughput(json, "achieved", pace.achieved());
        pace.deviation().ifPresent(deviation -> {
            json.add("deviation_p50_seconds", seconds(deviation.p50Nanos()));
            json.add("deviation_p99_seconds", seconds(deviation.p99Nanos()));
            json.add("deviation_p999_seconds", seconds(deviation.p999Nanos()));
            json.add("deviation_max_seconds", seconds(deviation.maxNanos()));
        });
    }

    private static void throughput(JsonObject json, String what, PaceReport.Throughput throughput) {
        json.add(what + "_pps", rate(throughput.framesPerSecond()));
        throughput.bitsPerSecond().ifPresent(bits -> json.add(what + "_bps", rate(bits)));
    }

    private static JsonPrimitive rate(double perSecond) {
        BigDecimal rounded = BigDecimal.valueOf(perSecond).round(RATE_DIGITS).stripTrailingZeros();
        return new JsonPrimitive(new BigDecimal(rounded.toPlainString()));
    }

    private static JsonObject handler(HandlerCounts handler) {
        JsonObject json = new JsonObject();
        json.addProperty("worker", handler.worker());
        json.addProperty("capture", handler.capture());
        json.addProperty("type", handler.type());
        JsonObject table = new JsonObject();
        for (Map.Entry<String, SortedMap<String, Long>> row : handler.table().entrySet()) {
            table.add(row.getKey(), counts(row.getValue()));
        }
        json.add("table", table);
        JsonArray gauges = new JsonArray();
        handler.gauges().stream().sorted().forEach(gauges::add);
        json.add("gauges", gauges);
        return json;
    }

    private static JsonObject balance(Ledger ledger) {
        JsonObject json = new JsonObject();
        json.addProperty("received", ledger.received());
        json.addProperty("lost", ledger.lost());
        json.addProperty("in_flight", ledger.inFlight());
        json.addProperty("unaccounted", ledger.unaccounted());
        json.addProperty("verdict", ledger.verdict());
        json.addProperty("drained", ledger.drained());
        return json;
    }

    private static JsonObject counts(Map<String, Long> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::addProperty);
        return json;
    }
}
