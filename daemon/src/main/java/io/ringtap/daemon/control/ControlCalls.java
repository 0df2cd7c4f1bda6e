package io.ringtap.daemon.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.ringtap.daemon.control.StreamedCall.Streamed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import jdk.net.UnixDomainPrincipal;

/** Turns a request's line into its answer's line. No request, whatever is in it, makes it throw. */
final class ControlCalls implements AutoCloseable {
    /** The protocol's version; a change that an older client would misread takes the next. */
    static final int VERSION = 1;

    /** The {@code reason} of an error: another user may make the call. */
    static final String NOT_PERMITTED = "not_permitted";

    /** The {@code reason} of an error: the configuration is at fault, see {@code problems}. */
    static final String BAD_CONFIGURATION = "bad_configuration";

    /** The {@code reason} of an error: the configuration could not be taken, see {@code problems}. */
    static final String FAILED = "failed";

    /** A field that a request which changes something gets here: who has made it. */
    static final String USER = "user";

    private static final JsonPrimitive SUPPORTED = new JsonPrimitive(VERSION);
    private static final int ECHOED_CHARACTERS = 64;

    private final Gson strict =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();
    private final TreeMap<String, Function<JsonObject, JsonElement>> calls;
    private final Set<String> changing;
    private final CallLog log = new CallLog(System::nanoTime);
    private volatile ControlRights rights;
    private final int answerBytes;

    /** Of slow calls. */
    static final ThreadFactory THREADS =
            Thread.ofPlatform().name("control-call-", 0).daemon().factory();

    /** A client waits for one call at a time, so that clients' limit is the threads'. */
    private final ExecutorService threads;

    ControlCalls(
            Map<String, Function<JsonObject, JsonElement>> reads,
            Map<String, Function<JsonObject, JsonElement>> changes,
            ControlRights rights,
            int answerBytes,
            ThreadFactory threads) {
        this.threads = Executors.newThreadPerTaskExecutor(threads);
        this.calls = new TreeMap<>(reads);
        calls.putAll(changes);
        this.changing = Set.copyOf(changes.keySet());
        this.rights = rights;
        this.answerBytes = answerBytes;
    }

    /**
     * An answer that is there, or is being made.
     *
     * @param line without its newline
     * @param limit how long it may be waited for; zero for what calls have
     * @param stream what takes the connection over with that line
     */
    record Pending(CompletableFuture<byte[]> line, Duration limit, Optional<Streamed> stream) {
        private Pending(CompletableFuture<byte[]> line, Duration limit) {
            this(line, limit, Optional.empty());
        }

        private static Pending now(byte[] line) {
            return new Pending(CompletableFuture.completedFuture(line), Duration.ZERO);
        }
    }

    /** The answer to a request, each without its newline; there already, unless the call is a slow one. */
    Pending answer(byte[] request, UnixDomainPrincipal client) {
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

    private Pending call(String name, JsonObject request, UnixDomainPrincipal client) {
        Function<JsonObject, JsonElement> call = calls.get(name);
        if (call == null) {
            return refused("no such call: " + echo(name) + ": there are " + String.join(", ", calls.keySet()));
        }
        if (changing.contains(name)) {
            boolean permitted = rights.mayChange(client);
            log.asked(
                    name + named(request, "stream") + named(request, "recorder") + named(request, "capture"),
                    client.user(),
                    permitted);
            request.addProperty(USER, UserNumber.named(client.user()));
            if (!permitted) {
                return Pending.now(error(name + " is for " + rights.who(), NOT_PERMITTED, List.of()));
            }
        }
        return switch (call) {
            case SlowCall slow -> begin(name, slow, request);
            case StreamedCall streamed -> open(name, streamed, request, UserNumber.named(client.user()));
            default -> Pending.now(run(name, call, request));
        };
    }

    private static String named(JsonObject request, String field) {
        return request.has(field) ? " " + echo(request.get(field).toString()) : "";
    }

    private Pending open(String name, StreamedCall call, JsonObject request, String user) {
        AtomicReference<Streamed> opened = new AtomicReference<>();
        byte[] line = run(
                name,
                asked -> {
                    opened.set(call.open(asked, user));
                    return opened.get().result();
                },
                request);
        return new Pending(CompletableFuture.completedFuture(line), Duration.ZERO, Optional.ofNullable(opened.get()));
    }

    private Pending begin(String name, SlowCall call, JsonObject request) {
        try {
            return new Pending(CompletableFuture.supplyAsync(() -> run(name, call, request), threads), call.limit());
        } catch (OutOfMemoryError e) { // there is no thread for it: the one for all must go on
            return Pending.now(failed(name, e));
        }
    }

    private static Pending refused(String message) {
        return Pending.now(error(message));
    }

    /** Has others than before make the calls that change something; any thread. */
    void rights(ControlRights others) {
        rights = others;
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
            return error(e.getMessage(), e.reason(), e.problems());
        } catch (RuntimeException | Error e) { // a plug-in's broken class must not take the control socket with it
            return failed(name, e);
        }
    }

    private byte[] failed(String name, Throwable cause) {
        log.failed(name, cause);
        return error("the call " + name + " failed: " + cause);
    }

    private static String echo(String text) {
        return text.length() > ECHOED_CHARACTERS ? text.substring(0, ECHOED_CHARACTERS) + "..." : text;
    }

    private static byte[] error(String message, String reason, List<String> problems) {
        JsonObject answer = envelope(false);
        answer.addProperty("error", message);
        if (!reason.isEmpty()) {
            answer.addProperty("reason", reason);
        }
        if (!problems.isEmpty()) {
            JsonArray lines = new JsonArray();
            problems.forEach(lines::add);
            answer.add("problems", lines);
        }
        return bytes(answer);
    }

    /** Interrupts the slow calls; no call may come any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** An answer that tells an error, without its newline. */
    static byte[] error(String message) {
        return error(message, "", List.of());
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
