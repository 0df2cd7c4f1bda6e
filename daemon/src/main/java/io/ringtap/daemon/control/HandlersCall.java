package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.ringtap.capture.HandlerReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/**
 * The control call {@code handlers}: asks the handlers that answer to the name {@code ask}, and gives what each instance
 * answers. It waits for all of them for a bounded time; one that does not answer is named.
 */
public final class HandlersCall {
    /** Less than a client waits. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Fields of a request that are not for the handlers. */
    private static final Set<String> OWN_FIELDS = Set.of("version", "call", "ask", "worker", "capture");

    private final BiFunction<String, Map<String, String>, List<HandlerReply>> ask;
    private final Duration patience;

    private HandlersCall(BiFunction<String, Map<String, String>, List<HandlerReply>> ask, Duration patience) {
        this.ask = ask;
        this.patience = patience;
    }

    /** The call; {@code ask} passes a question and its parameters on, without waiting. */
    public static SlowCall call(BiFunction<String, Map<String, String>, List<HandlerReply>> ask) {
        return call(ask, PATIENCE);
    }

    static SlowCall call(BiFunction<String, Map<String, String>, List<HandlerReply>> ask, Duration patience) {
        return new SlowCall(new HandlersCall(ask, patience)::answer);
    }

    private JsonElement answer(JsonObject request) {
        String name = text(request, "ask")
                .orElseThrow(() -> new ControlRefusal("ask must be a string: what handlers answer to"));
        Map<String, String> parameters = new TreeMap<>();
        request.keySet().stream()
                .filter(field -> !OWN_FIELDS.contains(field))
                .forEach(field -> parameters.put(
                        field,
                        text(request, field)
                                .orElseThrow(() -> new ControlRefusal(field + " must be a string or a number"))));
        long deadline = System.nanoTime() + patience.toNanos();
        List<HandlerReply> replies = ask.apply(name, parameters);
        try {
            JsonArray answers = new JsonArray();
            for (HandlerReply reply : replies) {
                if (isWanted(request, reply)) {
                    answers.add(answer(reply, deadline));
                }
            }
            JsonObject result = new JsonObject();
            result.add("answers", answers);
            return result;
        } finally {
            replies.forEach(reply -> reply.text().cancel(false)); // nobody waits any more
        }
    }

    private static Optional<String> text(JsonObject request, String field) {
        return request.get(field) instanceof JsonPrimitive value ? Optional.of(value.getAsString()) : Optional.empty();
    }

    private static boolean isWanted(JsonObject request, HandlerReply reply) {
        return reply.worker().equals(text(request, "worker").orElse(reply.worker()))
                && reply.capture().equals(text(request, "capture").orElse(reply.capture()));
    }

    private JsonObject answer(HandlerReply reply, long deadline) {
        JsonObject json = new JsonObject();
        json.addProperty("worker", reply.worker());
        json.addProperty("capture", reply.capture());
        json.addProperty("type", reply.type());
        json.addProperty("thread", reply.thread());
        try {
            String text = reply.text().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            json.add("answer", JsonParser.parseString(text));
            return json;
        } catch (TimeoutException e) {
            throw refusal(
                    reply,
                    "no answer within " + ControlLimits.text(patience)
                            + ": it is busy or blocked; ringtap stats shows how far it is behind");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            boolean foreseen = cause instanceof IllegalArgumentException || cause instanceof IllegalStateException;
            throw refusal(reply, foreseen ? cause.getMessage() : cause.toString());
        } catch (JsonParseException e) {
            throw refusal(reply, "its answer is no JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal(reply, "the daemon stops");
        }
    }

    private static ControlRefusal refusal(HandlerReply reply, String why) {
        return new ControlRefusal("handler " + reply.type() + " of worker " + reply.worker() + " on capture "
                + reply.capture() + ", thread " + reply.thread() + ": " + why);
    }
}
