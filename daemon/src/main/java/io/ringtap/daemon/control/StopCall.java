package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** The control call {@code stop}: has the daemon stop, and tells how long that takes at most; it does not wait for it. */
public final class StopCall {
    private StopCall() {}

    /**
     * The call.
     *
     * @param stop has the daemon begin to stop
     * @param atMost what a stop may take
     */
    public static Function<JsonObject, JsonElement> call(Runnable stop, Supplier<Duration> atMost) {
        return _ -> {
            stop.run();
            JsonObject json = new JsonObject();
            json.addProperty("pid", ProcessHandle.current().pid());
            json.add("stop_timeout_seconds", StatsJson.seconds(atMost.get().toNanos()));
            return json;
        };
    }
}
