package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testkit.AllocatedPerCall;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class HandlerFaultsTest {
    private static final String GOES_ON =
            "; the frame counts as failed, the worker goes on; this kind is only counted from now on";

    private static final String FAILS_NO_FRAME = "; the worker goes on; this kind is only counted from now on";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final HandlerFaults faults = new HandlerFaults("w");

    @BeforeEach
    void redirect() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    private List<String> logged() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("io.ringtap.handler - "))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    @Test
    void shouldLogTheFirstOfEachKindWithItsStackAndInTheEndHowMany() {
        for (int i = 0; i < 1_000; i++) {
            faults.count("count", "onFrame", new IllegalStateException("number " + i));
        }
        faults.count("count", "onStop", new IllegalStateException("other action"));
        faults.count("log", "onFrame", new IllegalStateException("other handler"));
        faults.logTotals();
        assertEquals(
                List.of(
                        "worker w: handler count: onFrame: java.lang.IllegalStateException" + GOES_ON,
                        "worker w: handler count: onStop: java.lang.IllegalStateException" + FAILS_NO_FRAME,
                        "worker w: handler log: onFrame: java.lang.IllegalStateException" + GOES_ON,
                        "worker w: handler count: onFrame: java.lang.IllegalStateException: 1000 times in all"),
                logged());
        String text = log.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("java.lang.IllegalStateException: number 0\n\tat "), text);
        assertTrue(!text.contains("number 1"), text);
    }

    @Test
    void shouldTakeNoMoreThan64KindsOfOneThatInventsThem() {
        for (int i = 0; i < 100; i++) {
            faults.count("count", "action " + i, new IllegalStateException("on purpose"));
        }
        faults.count("count", "action 0", new IllegalStateException("on purpose"));
        faults.logTotals();
        List<String> lines = logged();
        assertEquals(67, lines.size());
        assertEquals("worker w: handler count: other kinds" + FAILS_NO_FRAME, lines.get(64));
        assertEquals(
                "worker w: handler count: action 0: java.lang.IllegalStateException: 2 times in all", lines.get(65));
        assertEquals("worker w: handler count: other kinds: 36 times in all", lines.get(66));
    }

    /** A recording that is paused throws on every frame, for as long as the disk is full. */
    @Test
    void shouldCountOneThatIsThrownForEveryFrameWithoutAllocating() throws Exception {
        IllegalStateException thrown = new IllegalStateException("one for all frames");
        faults.count("record", "onFrame", new UnsupportedOperationException("another kind"));
        faults.count("record", "onFrame", thrown);
        AllocatedPerCall.assertNone(100_000, calls -> {
            for (int i = 0; i < calls; i++) {
                faults.count("record", "onFrame", thrown);
            }
        });
        assertEquals(2, logged().size());
        faults.logTotals();
        assertEquals(
                "worker w: handler record: onFrame: java.lang.IllegalStateException: 500001 times in all",
                logged().getLast());
    }

    @Test
    void shouldLogWithoutItsMessageWhatCannotTellIt() {
        faults.count("count", "onFrame", new RuntimeException() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("a message that throws");
            }
        });
        assertTrue(logged().getFirst()
                .startsWith("worker w: handler count: onFrame: " + getClass().getName()));
    }
}
