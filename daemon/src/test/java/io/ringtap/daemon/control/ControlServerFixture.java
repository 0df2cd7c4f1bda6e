package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A control server beside clients that misbehave, with calls of the test's and a clock that goes on when the test says. */
abstract class ControlServerFixture {
    static final String ECHO = "{\"version\":1,\"call\":\"echo\",\"text\":\"%s\"}";
    static final ControlLimits SHORT = new ControlLimits(
            3,
            1000,
            2_000_000,
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(100));
    static final Map<String, Function<JsonObject, JsonElement>> CALLS = Map.of(
            "echo",
            request -> request.get("text"),
            "big",
            request -> new JsonPrimitive("x".repeat(1_500_000)),
            "huge",
            request -> new JsonPrimitive("x".repeat(2_000_000)),
            "broken",
            request -> {
                throw new IllegalStateException("on purpose");
            });

    static final Duration INSTANT = Duration.ofNanos(1);

    @TempDir
    Path folder;

    ControlServer server;

    private final AtomicLong clockNanos = new AtomicLong(Long.MAX_VALUE - 100_000_000); // it may wrap

    @AfterEach
    final void close() {
        if (server != null) {
            server.close();
        }
    }

    final Path open(ControlLimits limits) throws ControlException {
        return open(limits, CALLS, Map.of());
    }

    final Path open(
            ControlLimits limits,
            Map<String, Function<JsonObject, JsonElement>> calls,
            Map<String, Function<JsonObject, JsonElement>> changes)
            throws ControlException {
        Path socket = folder.resolve("c.sock");
        server = ControlServer.open(
                socket, calls, changes, new ControlRights(Optional.empty()), limits, clockNanos::get);
        return socket;
    }

    /** The clock goes on, and the server does what is due then. */
    final void pass(Duration time) {
        clockNanos.addAndGet(time.toNanos());
        turn();
    }

    /** The server does what there is to do: takes a client that has come, reads what it sent, looks at the clock. */
    final void turn() {
        long before = server.progress().position();
        VethPair.await(() -> server.progress().position() > before + 3);
    }

    /** A client with all the time there is: no machine is too slow for it. */
    static ControlClient client(Path socket) {
        return new ControlClient(socket, Duration.ofHours(1));
    }

    static boolean answers(Path socket) {
        try {
            return client(socket).call("ping").isJsonObject();
        } catch (ControlException e) {
            return false;
        }
    }

    static Thread control() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("control"))
                .findFirst()
                .orElseThrow();
    }

    static String error(String text) {
        JsonObject error = new JsonObject();
        error.addProperty("version", 1);
        error.addProperty("ok", false);
        error.addProperty("error", text);
        return error.toString();
    }
}
