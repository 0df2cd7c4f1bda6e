package io.ringtap.daemon.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a request's line into its answer's line. No request, whatever is in it, makes it throw. */
final class ControlCalls implements AutoCloseable {
    /** The protocol's version; a change that an older client would misread takes the next. */
    static final int VERSION = 1;

    /** The {@code reason} of an error: another user may make the call. */
    static final String NOT_PERMITTED = "not_permitted";

    private static final Logger LOG = LoggerFactory.getLogger(ControlCalls.class);
    private static final JsonPrimitive SUPPORTED = new JsonPrimitive(VERSION);
    private static final int ECHOED_CHARACTERS = 64;

    private final Gson strict =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();
    private final TreeMap<String, Function<JsonObject, JsonElement>> calls;
    private final Set<String> changing;
    private final ControlRights rights;
    private final int answerBytes;

    /** A client waits for one call at a time, so that clients' limit is the threads'. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("control-call-", 0).daemon().factory());

    ControlCalls(
            Map<String, Function<JsonObject, JsonElement>> reads,
            Map<String, Function<JsonObject, JsonElement>> changes,
            ControlRights rights,
            int answerBytes) {
        this.calls = new TreeMap<>(reads);
        calls.putAll(changes);
        this.changing = Set.copyOf(changes.keySet());
        this.rights = rights;
        this.answerBytes = answerBytes;
    }

    /** The answer to a request, each without its newline; there already, unless the call is a slow one. */
    CompletableFuture<byte[]> answer(byte[] request, UnixDomainPrincipal client) {
        JsonObject parsed;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(request))
                    .toString();
            parsed = strict.fromJson(text, JsonObject.class);
        } catch (CharacterCodingException e) {
            return refused("the request is not UTF-8");
        } catch (JsonParseException | ClassCastException e) {
            return refused("the request is not a JSON object");
        }
        if (parsed == null) {
            return refused("the request is empty");
        }
        if (!SUPPORTED.equals(parsed.get("version"))) {
            return refused("version must be " + VERSION + ", the one this daemon speaks");
        }
        return parsed.get("call") instanceof JsonPrimitive name && name.isString()
                ? call(name.getAsString(), parsed, client)
                : refused("call must be a string: one of " + String.join(", ", calls.keySet()));
    }

    private CompletableFuture<byte[]> call(String name, JsonObject request, UnixDomainPrincipal client) {
        Function<JsonObject, JsonElement> call = calls.get(name);
        if (call == null) {
            return refused("no such call: " + echo(name) + ": there are " + String.join(", ", calls.keySet()));
        }
        if (changing.contains(name) && !isPermitted(name, request, client)) {
            return CompletableFuture.completedFuture(error(name + " is for " + rights.who(), NOT_PERMITTED));
        }
        return call instanceof SlowCall
                ? CompletableFuture.supplyAsync(() -> run(name, call, request), threads)
                : CompletableFuture.completedFuture(run(name, call, request));
    }

    private static CompletableFuture<byte[]> refused(String message) {
        return CompletableFuture.completedFuture(error(message));
    }

    private byte[] run(String name, Function<JsonObject, JsonElement> call, JsonObject request) {
        try {
            JsonObject answer = envelope(true);
            answer.add("result", call.apply(request));
            byte[] line = bytes(answer);
            return line.length <= answerBytes
                    ? line
                    : error("the answer to " + name + " takes " + line.length + " bytes, more than " + answerBytes);
        } catch (ControlRefusal e) {
            return error(e.getMessage());
        } catch (RuntimeException | Error e) { // a plug-in's broken class must not take the control socket with it
            LOG.warn("control: the call {} failed", name, e);
            return error("the call " + name + " failed: " + e);
        }
    }

    /** Who changes something, or tries to, is logged. */
    private boolean isPermitted(String name, JsonObject request, UnixDomainPrincipal client) {
        boolean permitted = rights.mayChange(client);
        LOG.info(
                "control: {} {} by user {}{}",
                name,
                echo(String.valueOf(request.get("stream"))),
                client.user().getName(),
                permitted ? "" : ": refused");
        return permitted;
    }

    private static String echo(String text) {
        return text.length() > ECHOED_CHARACTERS ? text.substring(0, ECHOED_CHARACTERS) + "..." : text;
    }

    private static byte[] error(String message, String reason) {
        JsonObject answer = envelope(false);
        answer.addProperty("error", message);
        answer.addProperty("reason", reason);
        return bytes(answer);
    }

    /** Interrupts the slow calls; no call may come any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** An answer that tells an error, without its newline. */
    static byte[] error(String message) {
        JsonObject answer = envelope(false);
        answer.addProperty("error", message);
        return bytes(answer);
    }

    private static JsonObject envelope(boolean ok) {
        JsonObject answer = new JsonObject();
        answer.addProperty("version", VERSION);
        answer.addProperty("ok", ok);
        return answer;
    }

    private static byte[] bytes(JsonObject answer) {
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }
}
