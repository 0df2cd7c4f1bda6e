package io.ringtap.handler.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.testkit.AllocatedPerCall;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LatencyHandlerTest {
    private static final String ROW = "kernel to handler";
    private static final long MICRO = 1_000;
    private static final long SECOND = 1_000_000_000;

    private final TestContext context = new TestContext();

    @Test
    void shouldShowThePercentilesOfTheTimeFromTheStampToTheHandler() {
        try (HandlerTrial trial = start(context)) {
            for (int i = 1; i <= 1_000; i++) {
                trial.frames(aged(i * MICRO));
            }
            trial.tick();
            assertEquals(1_000, context.value(ROW, "frames"));
            assertNear(500, context.value(ROW, "p50 us"));
            assertNear(900, context.value(ROW, "p90 us"));
            assertNear(990, context.value(ROW, "p99 us"));
            assertNear(999, context.value(ROW, "p99.9 us"));
            assertNear(1_000, context.value(ROW, "max us"));
        }
        String line = context.logged().getLast();
        assertTrue(line.matches("latency frames=1000 p50_ns=500\\d{3} .*max_ns=1000\\d{3}"), line);
    }

    @Test
    void shouldShowThePercentilesOfAllThreadsTogether() {
        TestContext second = context.otherThread(1);
        try (HandlerTrial one = start(context);
                HandlerTrial other = start(second)) {
            for (int i = 0; i < 99; i++) {
                one.frames(aged(10 * MICRO));
            }
            other.frames(aged(700 * MICRO));
            one.tick();
            assertNear(10, context.value(ROW, "max us"));
            other.tick();
            assertNear(10, context.value(ROW, "p99 us"));
            assertNear(700, context.value(ROW, "max us"));
            assertEquals(99, context.value(ROW, "frames"));
            assertEquals(1, second.value(ROW, "frames"));
            assertEquals(Set.of("frames"), second.table().get(ROW).keySet());
        }
    }

    @Test
    void shouldHaveShownEveryFrameWhenItHasStopped() {
        try (HandlerTrial trial = start(context)) {
            trial.frames(aged(5 * MICRO));
        }
        assertNear(5, context.value(ROW, "max us"));
    }

    @Test
    void shouldCountApartTheFramesOfATimeWhenTheClockWasSet() {
        try (HandlerTrial trial = start(context)) {
            trial.frames(aged(-SECOND), aged(-1), aged(0), aged(60 * SECOND), aged(60 * SECOND + 1));
            trial.tick();
            assertEquals(2, context.value(ROW, "frames"));
            assertEquals(2, context.value("below 0: the clock was set back", "frames"));
            assertEquals(1, context.value("above 60 s: the clock was set forward", "frames"));
        }
    }

    @Test
    void shouldMeasureByTheNewTimeATickAfterTheClockWasSet() {
        try (HandlerTrial trial = start(context)) {
            context.setClock(Duration.ofSeconds(20));
            trial.tick();
            trial.frames(aged(5 * MICRO)).tick();
            assertEquals(1, context.value(ROW, "frames"));
            assertNear(5, context.value(ROW, "max us"));
        }
    }

    @Test
    void shouldShowThePercentilesOfTheLastWholeSecondApart() {
        String lately = LatencyHandler.LATELY;
        try (HandlerTrial trial = start(context)) {
            trial.frames(aged(700 * MICRO)).idle(Duration.ofMillis(900));
            assertEquals(0, context.value(lately, "max us"), "no second is over");
            trial.frames(aged(10 * MICRO)).idle(Duration.ofMillis(100));
            assertNear(10, context.value(lately, "p50 us"));
            assertNear(700, context.value(lately, "max us"));
            trial.frames(aged(20 * MICRO)).idle(Duration.ofSeconds(1));
            assertNear(20, context.value(lately, "p50 us"));
            assertNear(20, context.value(lately, "max us"));
            assertNear(700, context.value(ROW, "max us"));
            trial.idle(Duration.ofSeconds(1));
            assertEquals(0, context.value(lately, "max us"), "no frame");
        }
    }

    @Test
    void shouldRoundToTheNearestMicrosecond() {
        try (HandlerTrial trial = start(context)) {
            trial.frames(aged(1_499), aged(1_500)).tick();
            assertEquals(1, context.value(ROW, "p50 us"));
            assertEquals(2, context.value(ROW, "max us"));
        }
    }

    @Test
    void shouldSayThatACaptureFileIsNotLive() {
        context.ofFile();
        try (HandlerTrial trial = start(context)) {
            trial.frames(aged(0), aged(SECOND)).idle(Duration.ofSeconds(1));
            assertEquals(
                    Map.of("not live: the times of a capture file are old", Map.of("frames", 2L)), context.table());
        }
        assertEquals(List.of(), context.logged());
    }

    @Test
    void shouldLetTheFirstFramesGoByIfItIsToldTo() {
        try (HandlerTrial trial = HandlerTrial.start(TestSettings.of("skip", 2).make(LatencyHandler::new), context)) {
            trial.frames(aged(SECOND), aged(SECOND), aged(5 * MICRO)).tick();
            assertEquals(1, context.value(ROW, "frames"));
            assertNear(5, context.value(ROW, "max us"));
        }
    }

    @Test
    void shouldAllocateNothingForAFrame() throws Exception {
        LatencyHandler handler = TestSettings.of().make(LatencyHandler::new);
        handler.onStart(context);
        Frame frame = aged(5 * MICRO);
        AllocatedPerCall.assertNone(100_000, calls -> {
            for (int i = 0; i < calls; i++) {
                handler.onFrame(frame);
            }
        });
    }

    private static HandlerTrial start(TestContext context) {
        return HandlerTrial.start(TestSettings.of().make(LatencyHandler::new), context);
    }

    private Frame aged(long nanos) {
        return Frame.of(new byte[60], 60, context.epochNanos() - nanos, "test");
    }

    private static void assertNear(long expectedMicros, long micros) {
        assertTrue(Math.abs(micros - expectedMicros) <= Math.max(1, expectedMicros / 500), micros + " us");
    }
}
