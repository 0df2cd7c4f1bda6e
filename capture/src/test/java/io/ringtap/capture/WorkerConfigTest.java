package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.HandlerFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerConfigTest {
    private static final List<HandlerFactory> ONE = List.of(new HandlerFactory("nothing", () -> frame -> {}));

    private static WorkerConfig config(String name, List<String> captures, int threads, List<HandlerFactory> handlers) {
        return new WorkerConfig(name, captures, threads, Share.FLOW, Delivery.GATE, handlers);
    }

    private static void assertRefused(Runnable make, Problem... problems) {
        var refusal = assertThrows(InvalidConfigException.class, make::run);
        assertEquals(List.of(problems), refusal.problems());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void shouldTakeOneTo64Threads(int threads) {
        assertDoesNotThrow(() -> config("w", List.of(), threads, ONE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65})
    void shouldRefuseANumberOfThreadsOutOfBounds(int threads) {
        assertRefused(
                () -> config("w", List.of(), threads, ONE),
                new Problem("threads", "must be from 1 to 64, not " + threads));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a b"})
    void shouldRefuseANameThatWouldNotBeAWordInALine(String name) {
        assertRefused(
                () -> config(name, List.of(), 1, ONE), new Problem("name", "must not be empty or hold white space"));
    }

    @Test
    void shouldTellAllProblemsTogether() {
        assertRefused(
                () -> config("", List.of(), 0, List.of()),
                new Problem("name", "must not be empty or hold white space"),
                new Problem("threads", "must be from 1 to 64, not 0"),
                new Problem("handler", "needs at least one [[worker.handler]]"));
    }

    @Test
    void shouldWorkOnTheCapturesItNamesOrOnAll() {
        assertTrue(config("w", List.of(), 1, ONE).worksOn("any"));
        WorkerConfig two = config("w", List.of("a", "b"), 1, ONE);
        assertTrue(two.worksOn("a"));
        assertTrue(two.worksOn("b"));
        assertFalse(two.worksOn("c"));
    }

    @Test
    void shouldKeepItsListsAsTheyWere() {
        List<String> captures = new ArrayList<>(List.of("a"));
        WorkerConfig config = config("w", captures, 1, ONE);
        captures.clear();
        assertFalse(config.worksOn("b"));
    }
}
