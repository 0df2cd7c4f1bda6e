package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlException.Reason;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Reads back what {@link StatsJson} wrote, perhaps that of a daemon of another version: unknown fields are passed over,
 * and of the known ones only those of the contract must be there.
 */
public final class StatsReader {
    private static final int NANO_DIGITS = 9;

    private StatsReader() {}

    /**
     * The look that an object tells of.
     *
     * @throws ControlException if a field of the contract is missing, or is no count where it should be one
     */
    public static StatsLook read(JsonElement json) throws ControlException {
        try {
            JsonObject stats = json.getAsJsonObject();
            Ledger ledger = new Ledger(
                    list(stats.get("captures"), StatsReader::capture),
                    list(stats.get("workers"), StatsReader::worker),
                    list(stats.get("injects"), StatsReader::inject),
                    stats.has("handlers") ? list(stats.get("handlers"), StatsReader::handler) : List.of(),
                    drained(stats.getAsJsonObject("ledger")));
            return new StatsLook(
                    ledger, Instant.parse(text(stats, "timestamp")), Duration.ofNanos(nanos(stats, "uptime_seconds")));
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException
                | ArithmeticException
                | DateTimeException e) {
            throw new ControlException(
                    Reason.FAILED,
                    "the daemon's counts cannot be read: " + e.getMessage()
                            + ": use the ringtap of the daemon's version");
        }
    }

    private static boolean drained(JsonObject ledger) {
        return ledger != null && ledger.has("drained") && ledger.get("drained").getAsBoolean();
    }

    private static CaptureCounts capture(JsonObject json) {
        return new CaptureCounts(
                text(json, "name"),
                text(json, "interface"),
                state(text(json, "state")),
                count(json, "received"),
                count(json, "kernel_dropped"),
                json.has("unread") ? count(json, "unread") : 0,
                json.has("interface_dropped")
                        ? OptionalLong.of(count(json, "interface_dropped"))
                        : OptionalLong.empty(),
                count(json, "published"),
                count(json, "ring_used"),
                count(json, "ring_capacity"),
                json.has("blocked_seconds") ? nanos(json, "blocked_seconds") : 0,
                json.has("kernel_ring_fill")
                        ? OptionalDouble.of(share(json, "kernel_ring_fill"))
                        : OptionalDouble.empty(),
                gaps(json));
    }

    private static GapCounts gaps(JsonObject json) {
        return json.has("gap_count")
                ? new GapCounts(
                        count(json, "gap_count"), nanos(json, "gap_seconds"), list(json.get("gaps"), StatsReader::gap))
                : GapCounts.NONE;
    }

    private static Gap gap(JsonObject json) {
        return new Gap(
                Instant.parse(text(json, "from")),
                json.has("to") ? Optional.of(Instant.parse(text(json, "to"))) : Optional.empty(),
                nanos(json, "seconds"),
                cause(text(json, "cause")),
                json.has("detail") ? text(json, "detail") : "");
    }

    private static Gap.Cause cause(String text) {
        for (Gap.Cause cause : Gap.Cause.values()) {
            if (cause.text().equals(text)) {
                return cause;
            }
        }
        throw new IllegalArgumentException("unknown cause of a gap: " + text);
    }

    private static CaptureState state(String text) {
        for (CaptureState state : CaptureState.values()) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException("unknown state of a capture: " + text);
    }

    private static WorkerCounts worker(JsonObject json) {
        long delivered = count(json, "delivered");
        long failed = count(json, "failed");
        long shed = count(json, "shed");
        long sampledOut = json.has("sampled_out") ? count(json, "sampled_out") : 0;
        return new WorkerCounts(
                text(json, "name"),
                text(json, "capture"),
                json.has("delivery") ? text(json, "delivery").equals("detach") : shed > 0,
                json.has("published") ? count(json, "published") : delivered + failed + shed + sampledOut,
                delivered,
                failed,
                shed,
                sampledOut,
                count(json, "lag"),
                json.has("blocked_seconds") ? nanos(json, "blocked_seconds") : 0,
                json.has("busy_share") ? Optional.of(load(json)) : Optional.empty());
    }

    private static WorkerLoad load(JsonObject worker) {
        return new WorkerLoad(
                share(worker, "busy_share"),
                optionalNanos(worker, "lag_seconds"),
                worker.has("handlers") ? list(worker.get("handlers"), StatsReader::handlerLoad) : List.of());
    }

    private static HandlerLoad handlerLoad(JsonObject json) {
        return new HandlerLoad(
                text(json, "type"),
                json.has("filter") ? text(json, "filter") : "",
                count(json, "frames"),
                share(json, "busy_share"),
                optionalNanos(json, "p50_seconds"),
                optionalNanos(json, "p99_seconds"));
    }

    private static InjectCounts inject(JsonObject json) {
        return new InjectCounts(
                text(json, "name"),
                text(json, "interface"),
                count(json, "sent"),
                count(json, "failed"),
                json.has("failures") ? counts(json.getAsJsonObject("failures")) : new TreeMap<>(),
                gaps(json),
                json.has("achieved_pps") ? Optional.of(pace(json)) : Optional.empty());
    }

    private static PaceReport pace(JsonObject json) {
        return new PaceReport(
                json.has("asked_pps") ? Optional.of(throughput(json, "asked")) : Optional.empty(),
                throughput(json, "achieved"),
                json.has("deviation_p50_seconds")
                        ? Optional.of(new PaceReport.Deviation(
                                nanos(json, "deviation_p50_seconds"),
                                nanos(json, "deviation_p99_seconds"),
                                nanos(json, "deviation_p999_seconds"),
                                nanos(json, "deviation_max_seconds")))
                        : Optional.empty());
    }

    private static PaceReport.Throughput throughput(JsonObject json, String what) {
        String bits = what + "_bps";
        return new PaceReport.Throughput(
                field(json, what + "_pps").getAsDouble(),
                json.has(bits) ? OptionalDouble.of(field(json, bits).getAsDouble()) : OptionalDouble.empty());
    }

    private static HandlerCounts handler(JsonObject json) {
        SortedMap<String, SortedMap<String, Long>> table = new TreeMap<>();
        JsonObject rows = field(json, "table").getAsJsonObject();
        rows.keySet().forEach(row -> table.put(row, counts(rows.getAsJsonObject(row))));
        Set<String> gauges = new TreeSet<>();
        if (json.has("gauges")) {
            json.getAsJsonArray("gauges").forEach(gauge -> gauges.add(gauge.getAsString()));
        }
        return new HandlerCounts(text(json, "worker"), text(json, "capture"), text(json, "type"), table, gauges);
    }

    private static SortedMap<String, Long> counts(JsonObject json) {
        SortedMap<String, Long> counts = new TreeMap<>();
        json.keySet().forEach(name -> counts.put(name, count(json, name)));
        return counts;
    }

    private static <T> List<T> list(JsonElement array, Function<JsonObject, T> one) {
        if (!(array instanceof JsonArray all)) {
            throw new IllegalArgumentException("a list is missing");
        }
        return StreamSupport.stream(all.spliterator(), false)
                .map(each -> one.apply(each.getAsJsonObject()))
                .toList();
    }

    private static String text(JsonObject json, String name) {
        return field(json, name).getAsString();
    }

    private static long count(JsonObject json, String name) {
        return field(json, name).getAsBigInteger().longValueExact();
    }

    private static long nanos(JsonObject json, String name) {
        return field(json, name)
                .getAsBigDecimal()
                .movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static OptionalLong optionalNanos(JsonObject json, String name) {
        return json.has(name) ? OptionalLong.of(nanos(json, name)) : OptionalLong.empty();
    }

    private static double share(JsonObject json, String name) {
        return field(json, name).getAsDouble();
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement field = json.get(name);
        if (field == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return field;
    }
}
