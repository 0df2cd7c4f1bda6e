package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.function.Function;

/**
 * A call that waits for others, for a bounded time: it runs on a thread of its own, so that no other client waits with it.
 *
 * @param call answers a request
 * @param limit what its client waits at most; zero for what calls have
 */
public record SlowCall(Function<JsonObject, JsonElement> call, Duration limit)
        implements Function<JsonObject, JsonElement> {
    /** One within the limit that calls have. */
    public SlowCall(Function<JsonObject, JsonElement> call) {
        this(call, Duration.ZERO);
    }

    @Override
    public JsonElement apply(JsonObject request) {
        return call.apply(request);
    }
}
