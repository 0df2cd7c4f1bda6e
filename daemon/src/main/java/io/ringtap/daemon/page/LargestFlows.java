package io.ringtap.daemon.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.Function;

/** The largest flows, as the handlers that keep them tell. However many ask, the handlers are asked every two seconds at most. */
final class LargestFlows {
    private static final long KEPT_NANOS = 2_000_000_000;
    private static final int TOP = 20;

    private final Function<JsonObject, JsonElement> handlers;
    private JsonElement latest = new JsonObject();
    private long askedNanos = System.nanoTime() - KEPT_NANOS;

    LargestFlows(Function<JsonObject, JsonElement> handlers) {
        this.handlers = handlers;
    }

    /** The answers of the control call {@code handlers}, or {@code error}: why there are none. Waits for the handlers. */
    synchronized JsonElement get() {
        if (System.nanoTime() - askedNanos >= KEPT_NANOS) {
            JsonObject question = new JsonObject();
            question.addProperty("ask", "flows");
            question.addProperty("by", "bytes");
            question.addProperty("top", TOP);
            try {
                latest = handlers.apply(question);
            } catch (RuntimeException e) { // a handler that is busy, or ends
                JsonObject error = new JsonObject();
                error.addProperty("error", e.getMessage());
                latest = error;
            }
            askedNanos = System.nanoTime();
        }
        return latest;
    }
}
