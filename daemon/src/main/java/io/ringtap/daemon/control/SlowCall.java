package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.Function;

/**
 * A call that waits for others, for a bounded time: it runs on a thread of its own, so that no other client waits with it.
 *
 * @param call answers a request
 */
public record SlowCall(Function<JsonObject, JsonElement> call) implements Function<JsonObject, JsonElement> {
    @Override
    public JsonElement apply(JsonObject request) {
        return call.apply(request);
    }
}
