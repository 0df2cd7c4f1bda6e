package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A control server beside clients that misbehave, with calls of the test's. */
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

    @TempDir
    Path folder;

    ControlServer server;

    @AfterEach
    final void close() {
        if (server != null) {
            server.close();
        }
    }

    final Path open(ControlLimits limits) throws ControlException {
        Path socket = folder.resolve("c.sock");
        server = ControlServer.open(socket, CALLS, Map.of(), new ControlRights(Optional.empty()), limits);
        return socket;
    }

    static boolean answers(Path socket) {
        try {
            return new ControlClient(socket).call("ping").isJsonObject();
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
