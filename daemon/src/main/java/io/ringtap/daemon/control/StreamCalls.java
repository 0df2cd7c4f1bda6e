package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.capture.InvalidConfigException;
import io.ringtap.inject.config.AskedRate;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The control calls about configured streams: {@code streams} lists them, {@code stream-...} change one. */
public final class StreamCalls {
    /** An inject thread waits for room in the interface's queue for less; the rest is for a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Streams streams;

    /** The streams of a daemon; any thread. */
    public interface Streams {
        /** All of them. */
        List<StreamStatus> statuses();

        /** Tells one what to do; see {@link io.ringtap.inject.InjectLoop#command}. */
        CompletableFuture<StreamStatus> command(String stream, StreamCommand command);
    }

    /** The calls about these streams. */
    public StreamCalls(Streams streams) {
        this.streams = streams;
    }

    /** Those that only look. */
    public Map<String, Function<JsonObject, JsonElement>> reads() {
        return Map.of("streams", _ -> list());
    }

    /** Those that change something. */
    public Map<String, Function<JsonObject, JsonElement>> changes() {
        return Map.of(
                "stream-start",
                new SlowCall(request -> tell(request, new StreamCommand.Start())),
                "stream-stop",
                new SlowCall(request -> tell(request, new StreamCommand.Stop())),
                "stream-rate",
                new SlowCall(request -> tell(request, new StreamCommand.Pace(rate(request)))));
    }

    private JsonObject list() {
        JsonArray all = new JsonArray();
        streams.statuses().forEach(status -> all.add(write(status)));
        JsonObject json = new JsonObject();
        json.add("streams", all);
        return json;
    }

    private JsonObject tell(JsonObject request, StreamCommand command) {
        if (!(request.get("stream") instanceof JsonPrimitive name) || !name.isString()) {
            throw new ControlRefusal("stream must be a string: the name of a stream");
        }
        try {
            return write(known(name.getAsString(), command).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new ControlRefusal(
                    "the stream's thread is busy with a link that takes nothing: it will be done after");
        } catch (ExecutionException e) {
            throw new ControlRefusal(e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlRefusal("the daemon is stopping");
        }
    }

    private CompletableFuture<StreamStatus> known(String name, StreamCommand command) {
        List<String> names = streams.statuses().stream()
                .map(status -> status.counts().name())
                .toList();
        if (!names.contains(name)) {
            throw new ControlRefusal("there is no stream " + new JsonPrimitive(name) + ": "
                    + (names.isEmpty() ? "none is configured" : "there are " + String.join(", ", names)));
        }
        return streams.command(name, command);
    }

    private static AskedRate rate(JsonObject request) {
        if (request.get("top_speed") instanceof JsonPrimitive top && top.isBoolean() && top.getAsBoolean()) {
            return new Schedule.TopSpeed();
        }
        String field = request.has("rate_bps") ? "rate_bps" : "rate_pps";
        if (!(request.get(field) instanceof JsonPrimitive rate) || !rate.isNumber()) {
            throw new ControlRefusal(
                    "rate_pps or rate_bps must be a number: frames, or bits at layer 2, a second; or top_speed true");
        }
        try {
            return field.equals("rate_bps")
                    ? new Schedule.BitRate(rate.getAsDouble())
                    : new Schedule.Rate(rate.getAsDouble());
        } catch (InvalidConfigException e) {
            throw new ControlRefusal(field + " " + e.problems().getFirst().message());
        }
    }

    private static void pace(JsonObject json, InjectConfig config) {
        switch (config.schedule()) {
            case Schedule.Every every ->
                json.add("every_seconds", StatsJson.seconds(every.interval().toNanos()));
            case Schedule.Rate rate -> json.addProperty("rate_pps", rate.framesPerSecond());
            case Schedule.BitRate rate -> json.addProperty("rate_bps", rate.bitsPerSecond());
            case Schedule.Original original -> json.addProperty("speed", original.speed());
            case Schedule.TopSpeed _ -> json.addProperty("top_speed", true);
            case Schedule.EveryFrames every -> {
                json.addProperty("every_frames", every.frames());
                json.addProperty("capture", every.captureName());
            }
        }
        if (config.burst() > 1) {
            json.addProperty("burst", config.burst());
        }
        config.ramp().ifPresent(ramp -> {
            json.add("ramp_seconds", StatsJson.seconds(ramp.over().toNanos()));
            ramp.from().ifPresent(from -> json.addProperty("ramp_from", from.perSecond()));
        });
        if (config.delay().isPositive()) {
            json.add("delay_seconds", StatsJson.seconds(config.delay().toNanos()));
        }
    }

    private static JsonObject write(StreamStatus status) {
        JsonObject json = new JsonObject();
        json.addProperty("name", status.counts().name());
        json.addProperty("interface", status.counts().interfaceName());
        json.addProperty("state", status.state().text());
        pace(json, status.config());
        json.addProperty("count", status.config().count());
        status.config()
                .duration()
                .ifPresent(duration -> json.add("duration_seconds", StatsJson.seconds(duration.toNanos())));
        json.addProperty("starts", status.starts());
        json.addProperty("loops", status.loops());
        json.addProperty("sent", status.counts().sent());
        json.addProperty("failed", status.counts().failed());
        status.counts().pace().ifPresent(pace -> StatsJson.pace(json, pace));
        return json;
    }
}
