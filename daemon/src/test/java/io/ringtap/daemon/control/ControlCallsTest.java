package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class ControlCallsTest {
    @Test
    void shouldAnswerThatASlowCallFailedWhereThereIsNoThreadForIt() {
        ThreadFactory none = _ -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        ControlRights rights = new ControlRights(Optional.empty());
        SlowCall slow = new SlowCall(_ -> new JsonObject());
        try (ControlCalls calls = new ControlCalls(Map.of("slow", slow), Map.of(), rights, 1_000, none)) {
            byte[] request = "{\"version\":1,\"call\":\"slow\"}".getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    "{\"version\":1,\"ok\":false,\"error\":\"the call slow failed: java.lang.OutOfMemoryError: unable"
                            + " to create native thread\"}",
                    new String(calls.answer(request, null).line().join(), StandardCharsets.UTF_8));
        }
    }
}
