package io.ringtap.daemon.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.Function;

/** What the handlers answer to a question. However many browsers ask, the handlers are asked every two seconds at most. */
final class KeptAnswer {
    private static final long KEPT_NANOS = 2_000_000_000;
    private static final int MOST_FLOWS = 20;

    private final Function<JsonObject, JsonElement> handlers;
    private final JsonObject question;
    private JsonElement latest = new JsonObject();
    private long askedNanos = System.nanoTime() - KEPT_NANOS;

    private KeptAnswer(Function<JsonObject, JsonElement> handlers, JsonObject question) {
        this.handlers = handlers;
        this.question = question;
    }

    private static JsonObject question(String name) {
        JsonObject question = new JsonObject();
        question.addProperty("ask", name);
        return question;
    }

    /** The largest flows of each handler that keeps them. */
    static KeptAnswer largestFlows(Function<JsonObject, JsonElement> handlers) {
        JsonObject question = question("flows");
        question.addProperty("by", "bytes");
        question.addProperty("top", MOST_FLOWS);
        return new KeptAnswer(handlers, question);
    }

    /** The newest files of each handler that records. */
    static KeptAnswer recordings(Function<JsonObject, JsonElement> handlers) {
        return new KeptAnswer(handlers, question("recordings"));
    }

    /** The answers of the control call {@code handlers}, or {@code error}: why there are none. Waits for the handlers. */
    synchronized JsonElement get() {
        if (System.nanoTime() - askedNanos >= KEPT_NANOS) {
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
