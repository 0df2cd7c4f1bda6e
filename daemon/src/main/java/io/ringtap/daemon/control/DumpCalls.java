package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.handler.flight.DumpStatus;
import io.ringtap.handler.flight.FlightRecorders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The control calls about flight recorders: {@code dump} has one begin a dump, {@code dumps} shows them and their dumps. */
public final class DumpCalls {
    private static final double MOST_SECONDS = Duration.ofDays(1).toSeconds();
    private static final int MOST_REASON = 1_000;

    private DumpCalls() {}

    /** Those that run, and what has become of the last dumps. */
    public static Function<JsonObject, JsonElement> dumps(FlightRecorders recorders) {
        return _ -> {
            JsonObject json = new JsonObject();
            JsonArray running = new JsonArray();
            recorders.running().forEach(named -> running.add(write(named)));
            json.add("recorders", running);
            json.add("dumps", write(recorders.dumps()));
            return json;
        };
    }

    /** Begins a dump of the flight recorder that a request names; the answer has those that began, one of each capture. */
    public static Function<JsonObject, JsonElement> dump(FlightRecorders recorders) {
        return request -> {
            String name = text(request, "recorder")
                    .orElseThrow(() -> new ControlRefusal("recorder must be a string: a flight recorder's name"));
            Optional<String> capture = text(request, "capture");
            List<FlightRecorders.Named> meant = recorders.running().stream()
                    .filter(each -> each.name().equals(name) && each.capture().equals(capture.orElse(each.capture())))
                    .toList();
            if (meant.isEmpty()) {
                throw new ControlRefusal(unknown(name, capture, recorders.running()));
            }
            String reason = text(request, "reason").orElse("ringtap dump");
            if (reason.length() > MOST_REASON) {
                throw new ControlRefusal("reason must be no longer than " + MOST_REASON + " characters");
            }
            String who = "user " + text(request, ControlCalls.USER).orElse("unknown");
            List<DumpStatus> begun = recorders.dump(name, capture, reason, who, before(request));
            if (begun.isEmpty()) {
                throw new ControlRefusal("flight recorder " + new JsonPrimitive(name)
                        + " has as many dumps under way as it may: wait until one has ended");
            }
            JsonObject json = new JsonObject();
            json.add("dumps", write(begun));
            json.add("after_seconds", StatsJson.seconds(meant.getFirst().after().toNanos()));
            return json;
        };
    }

    private static String unknown(String name, Optional<String> capture, List<FlightRecorders.Named> running) {
        String there = running.stream()
                .map(each -> each.name() + " (capture " + each.capture() + ")")
                .collect(Collectors.joining(", "));
        return "there is no flight recorder " + new JsonPrimitive(name)
                + capture.map(of -> " on a capture " + new JsonPrimitive(of)).orElse("") + ": "
                + (there.isEmpty()
                        ? "none runs; a worker gets one by a handler of type \"flight-recorder\""
                        : "there is " + there);
    }

    private static Optional<Duration> before(JsonObject request) {
        if (!request.has("before_seconds")) {
            return Optional.empty();
        }
        double seconds = request.get("before_seconds") instanceof JsonPrimitive value && value.isNumber()
                ? value.getAsDouble()
                : -1;
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw new ControlRefusal("before_seconds must be a number from 0 to " + (long) MOST_SECONDS);
        }
        return Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private static Optional<String> text(JsonObject request, String field) {
        return request.get(field) instanceof JsonPrimitive value && value.isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    private static JsonObject write(FlightRecorders.Named named) {
        JsonObject json = new JsonObject();
        json.addProperty("name", named.name());
        json.addProperty("capture", named.capture());
        json.addProperty("worker", named.worker());
        json.add("before_seconds", StatsJson.seconds(named.before().toNanos()));
        json.add("after_seconds", StatsJson.seconds(named.after().toNanos()));
        return json;
    }

    private static JsonArray write(List<DumpStatus> dumps) {
        JsonArray all = new JsonArray();
        dumps.forEach(dump -> all.add(write(dump)));
        return all;
    }

    private static JsonObject write(DumpStatus dump) {
        JsonObject json = new JsonObject();
        json.addProperty("id", dump.id());
        json.addProperty("recorder", dump.recorder());
        json.addProperty("capture", dump.capture());
        json.addProperty("worker", dump.worker());
        json.addProperty("state", dump.state().text());
        json.addProperty("event", dump.event());
        json.addProperty("events", dump.events());
        json.addProperty("frames", dump.frames());
        json.addProperty("bytes", dump.bytes());
        json.addProperty("missed", dump.missed());
        json.addProperty("lost", dump.lost());
        dump.file().ifPresent(file -> json.addProperty("file", file.toString()));
        return json;
    }
}
