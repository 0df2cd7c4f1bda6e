package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ReloadReport.Part;
import java.time.Duration;
import java.util.List;

/** The control call {@code reload}: has the daemon take its configuration anew, and waits until that is done or refused. */
public final class ReloadCall {
    /** Stopping what has changed takes daemon.stop-timeout, ten minutes at most; starting it, half a minute a capture. */
    public static final Duration PATIENCE = Duration.ofMinutes(12);

    /** Has a daemon take its configuration anew. */
    @FunctionalInterface
    public interface Reloading {
        /** Does so, and returns when it is done. Any thread. */
        ReloadReport reload() throws ReloadRefusedException;
    }

    private ReloadCall() {}

    /** The call. */
    public static SlowCall call(Reloading reloading) {
        return new SlowCall(_ -> answer(reloading), PATIENCE);
    }

    private static JsonElement answer(Reloading reloading) {
        try {
            return write(reloading.reload());
        } catch (ReloadRefusedException e) {
            boolean bad = e.reason() == ReloadRefusedException.Reason.BAD_CONFIGURATION;
            throw new ControlRefusal(
                    e.problems().getFirst(), bad ? ControlCalls.BAD_CONFIGURATION : ControlCalls.FAILED, e.problems());
        }
    }

    private static JsonObject write(ReloadReport report) {
        JsonObject json = new JsonObject();
        json.add("captures", write(report.captures()));
        json.add("streams", write(report.streams()));
        JsonArray keys = new JsonArray();
        report.keys().forEach(keys::add);
        json.add("keys", keys);
        json.addProperty("text", report.text());
        return json;
    }

    private static JsonArray write(List<Part> parts) {
        JsonArray all = new JsonArray();
        parts.forEach(part -> {
            JsonObject json = new JsonObject();
            json.addProperty("name", part.name());
            json.addProperty("change", part.change().text());
            all.add(json);
        });
        return all;
    }
}
