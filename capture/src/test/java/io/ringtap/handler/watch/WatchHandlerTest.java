package io.ringtap.handler.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WatchHandlerTest {
    private static final String ROW = "3 in 1 s";
    private static final String ABSENT = "no frame for 5 s";
    private static final long MILLI = 1_000_000;

    private final TestContext context = new TestContext();

    @Test
    void shouldRaiseTheAlarmOnceWhenSoManyFramesComeWithinTheTimeAndStartTheStream() {
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm")) {
            at(trial, 0, 600);
            assertEquals(0, context.value(ROW, "raised"));
            at(trial, 1_100, 1_200, 1_300);
            assertEquals(1, context.value(ROW, "raised"));
            assertEquals(1, context.value(ROW, "on"));
            assertEquals(1, context.value(ROW, "stream started"));
            assertEquals(5, context.value(ROW, "frames"));
            assertEquals(List.of("start alarm"), context.streamCommands());
            assertEquals(
                    List.of("alarm: 3 in 1 s, at 2026-01-01T00:00:01.200000000Z; stream alarm is started"),
                    context.logged());
        }
    }

    @Test
    void shouldHaveAFlightRecorderWriteWhenTheAlarmIsRaised() {
        try (HandlerTrial trial = start("frames", 3, "record", "incident")) {
            at(trial, 0, 1);
            assertEquals(List.of(), context.dumped());
            at(trial, 2, 3);
            assertEquals(List.of("incident: alarm: 3 in 1 s"), context.dumped());
            assertEquals(
                    List.of("alarm: 3 in 1 s, at 2026-01-01T00:00:00.002000000Z; flight recorder incident dumps"),
                    context.logged());
        }
    }

    @Test
    void shouldRaiseItAgainOnlyAfterTheRuleHasNotHeldForTheHoldingTime() {
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm", "hold", Duration.ofSeconds(2))) {
            at(trial, 0, 1, 2); // raised
            trial.idle(Duration.ofMillis(1_900));
            at(trial, 1_900, 1_901, 1_902); // holds again: no new alarm, and the time begins anew
            trial.idle(Duration.ofMillis(1_900));
            assertEquals(0, context.value(ROW, "ended"));
            assertEquals(1, context.value(ROW, "raised"));
            trial.idle(Duration.ofMillis(200));
            assertEquals(1, context.value(ROW, "ended"));
            assertEquals(0, context.value(ROW, "on"));
            at(trial, 4_000, 4_001, 4_002);
            assertEquals(2, context.value(ROW, "raised"));
            assertEquals(List.of("start alarm", "start alarm"), context.streamCommands());
        }
    }

    @Test
    void shouldStopTheStreamWhenTheAlarmEndsIfItIsToldTo() {
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm", "stop-at-end", true)) {
            at(trial, 0, 1, 2);
            trial.idle(Duration.ofSeconds(1));
            assertEquals(List.of("start alarm", "stop alarm"), context.streamCommands());
            assertTrue(context.logged().getLast().endsWith("; stream alarm is stopped"));
        }
    }

    @Test
    void shouldRaiseTheAlarmWhenNoFrameCameForSoLongAndEndItWhenTheyAreBack() {
        try (HandlerTrial trial = start("absent", Duration.ofSeconds(5), "hold", Duration.ofSeconds(1))) {
            trial.idle(Duration.ofMillis(4_900));
            assertEquals(0, context.value(ABSENT, "raised"));
            at(trial, 4_900);
            trial.idle(Duration.ofMillis(4_900));
            assertEquals(0, context.value(ABSENT, "raised"));
            trial.idle(Duration.ofMillis(100));
            assertEquals(1, context.value(ABSENT, "raised"));
            trial.idle(Duration.ofSeconds(60));
            assertEquals(1, context.value(ABSENT, "raised"));
            assertEquals(0, context.value(ABSENT, "ended"));
            at(trial, 70_000);
            trial.idle(Duration.ofMillis(900));
            assertEquals(0, context.value(ABSENT, "ended"));
            trial.idle(Duration.ofMillis(100));
            assertEquals(1, context.value(ABSENT, "ended"));
            assertEquals(2, context.value(ABSENT, "frames"));
        }
    }

    @Test
    void shouldNotRaiseAnAbsenceBecauseTheClockOfTheFramesWasSet() {
        try (HandlerTrial trial = start("absent", Duration.ofSeconds(5))) {
            at(trial, 0);
            at(trial, 3_600_000);
            at(trial, 10);
            trial.idle(Duration.ofSeconds(4));
            assertEquals(0, context.value(ABSENT, "raised"));
        }
    }

    @Test
    void shouldGoByTheTimesOfTheFramesAloneForACaptureFile() {
        context.ofFile();
        try (HandlerTrial trial = start("absent", Duration.ofSeconds(5))) {
            trial.idle(Duration.ofMinutes(1));
            at(trial, 0, 4_000, 8_000);
            trial.idle(Duration.ofMinutes(1));
            assertEquals(0, context.value(ABSENT, "raised"));
            at(trial, 13_000);
            assertEquals(1, context.value(ABSENT, "raised"));
            at(trial, 15_000, 17_000);
            assertEquals(0, context.value(ABSENT, "ended"));
            at(trial, 18_000);
            assertEquals(1, context.value(ABSENT, "ended"));
        }
    }

    @Test
    void shouldNotTakeALateFrameOfAFileForTheLast() {
        context.ofFile();
        try (HandlerTrial trial = start("absent", Duration.ofSeconds(5))) {
            at(trial, 0, 4_000, 1_000, 6_500);
            assertEquals(0, context.value(ABSENT, "raised"));
        }
    }

    @Test
    void shouldSeeAnAbsenceInAFileBehindAFrameWithATimeThatIsFarAhead() {
        context.ofFile();
        try (HandlerTrial trial = start("absent", Duration.ofSeconds(5))) {
            at(trial, 0, 3_600_000, 1_000, 2_000);
            assertEquals(1, context.value(ABSENT, "raised"), "none came for an hour");
            at(trial, 6_000);
            assertEquals(1, context.value(ABSENT, "ended"));
            at(trial, 12_000);
            assertEquals(2, context.value(ABSENT, "raised"));
        }
    }

    @Test
    void shouldNameItsRuleExactly() {
        assertEquals("5 in 0.0000005 s", rule("frames", 5, "within", Duration.ofNanos(500)));
        assertEquals("5 in 1.5 s", rule("frames", 5, "within", Duration.ofMillis(1_500)));
        assertEquals("no frame for 600 s", rule("absent", Duration.ofMinutes(10)));
    }

    private static String rule(Object... keys) {
        return WatchRule.of(TestSettings.of(keys)).text();
    }

    @Test
    void shouldCountAStreamThatCouldNotBeStarted() {
        context.refuseStreamCommands();
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm")) {
            at(trial, 0, 1, 2);
            assertEquals(0, context.value(ROW, "stream started"));
            assertEquals(1, context.value(ROW, "stream refused"));
            assertTrue(context.logged().getFirst().endsWith("; stream alarm could not be started"));
        }
    }

    @Test
    void shouldCountAStreamThatCouldNotBeStopped() {
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm", "stop-at-end", true)) {
            at(trial, 0, 1, 2);
            assertEquals(0, context.value(ROW, "stream refused"));
            context.refuseStreamCommands();
            trial.idle(Duration.ofSeconds(1));
            assertEquals(1, context.value(ROW, "stream refused"));
            assertTrue(context.logged().getLast().endsWith("; stream alarm could not be stopped"));
        }
    }

    @Test
    void shouldCountFramesOfItsStreamThatComeBackApartAndSaySoOnce() {
        context.streamFrames((stream, frame) -> stream.equals("alarm") && frame.byteAt(0) == 7);
        try (HandlerTrial trial = start("frames", 3, "stream", "alarm")) {
            at(trial, 0, 1);
            for (int i = 0; i < 10; i++) {
                trial.frames(Frame.of(new byte[] {7, 0}, 2, context.epochNanos(), "test"));
            }
            assertEquals(0, context.value(ROW, "raised"));
            assertEquals(10, context.value(ROW, "own frames"));
            assertEquals(2, context.value(ROW, "frames"));
            assertEquals(
                    List.of("frames of stream alarm come back: look for a loop in the network; they are only counted"),
                    context.logged());
            at(trial, 2);
            assertEquals(1, context.value(ROW, "raised"));
        }
    }

    @Test
    void shouldRaiseOneAlarmForFramesThatAreSharedAmongThreads() throws Exception {
        int threads = 4;
        TestContext[] contexts = new TestContext[threads];
        for (int i = 0; i < threads; i++) {
            contexts[i] = i == 0 ? context : context.otherThread(i);
        }
        int each = 250_000; // of one time: what one thread tells while another does must not be lost
        String row = "1000000 in 1 s";
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(threads);
        WatchHandler[] handlers = new WatchHandler[threads];
        for (int i = 0; i < threads; i++) {
            handlers[i] = new WatchHandler(TestSettings.of("frames", threads * each, "stream", "alarm"));
            handlers[i].onStart(contexts[i]);
        }
        Frame frame = frame(0);
        for (WatchHandler handler : handlers) {
            Thread.ofPlatform().start(() -> {
                awaitGo(go);
                for (int n = handler == handlers[3] ? 1 : 0; n < each; n++) {
                    handler.onFrame(frame);
                    handler.onBatchEnd();
                }
                done.countDown();
            });
        }
        go.countDown();
        done.await();
        assertEquals(0, context.value(row, "raised"));
        handlers[3].onFrame(frame);
        handlers[3].onStop();
        assertEquals(1, context.value(row, "raised"));
        long frames = 0;
        for (TestContext thread : contexts) {
            frames += thread.value(row, "frames");
        }
        assertEquals(1_000_000, frames);
    }

    private static void awaitGo(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldTellFramesThatWaitWhenTheyAreManyAndAtTheStop() throws Exception {
        WatchHandler handler = new WatchHandler(TestSettings.of("frames", 256));
        handler.onStart(context);
        for (int i = 0; i < 256; i++) {
            handler.onFrame(frame(0));
        }
        assertEquals(1, context.value("256 in 1 s", "raised"));
        handler.onFrame(frame(0));
        handler.onStop();
        assertEquals(257, context.value("256 in 1 s", "frames"));
    }

    @Test
    void shouldReportKeysThatDoNotGoTogetherOrMakeNoSense() {
        assertEquals(
                List.of("frames: needs a value: how many frames raise the alarm (or give absent, how long none comes)"),
                problems());
        assertEquals(
                List.of("absent: goes without frames: a watch is for many frames, or for none"),
                problems("frames", 3L, "absent", Duration.ofSeconds(1)));
        assertEquals(
                List.of("within: goes with frames: the time in which so many come"),
                problems("absent", Duration.ofSeconds(1), "within", Duration.ofSeconds(1)));
        assertEquals(
                List.of("within: must be from 0.000000001 s to 86400 s, not 0 s"),
                problems("frames", 3L, "within", Duration.ZERO));
        assertEquals(
                List.of("absent: must be from 0.000000001 s to 86400 s, not 90000 s"),
                problems("absent", Duration.ofHours(25)));
        assertEquals(
                List.of("hold: must be from 0 s to 86400 s, not 90000 s"),
                problems("frames", 3L, "hold", Duration.ofHours(25)));
        assertEquals(
                List.of("stop-at-end: goes with stream: there is none to stop"),
                problems("frames", 3L, "stop-at-end", true));
        assertEquals(List.of("frames: must be from 1 to 1000000"), problems("frames", 0L));
        assertEquals(List.of("frames: must be from 1 to 1000000"), problems("frames", 1_000_001L));
    }

    private static List<String> problems(Object... keys) {
        TestSettings settings = TestSettings.of(keys);
        assertThrows(IllegalArgumentException.class, () -> settings.make(WatchHandler::new));
        return settings.problems();
    }

    private HandlerTrial start(Object... keys) {
        return HandlerTrial.start(TestSettings.of(keys).make(WatchHandler::new), context);
    }

    /** A batch of frames at milliseconds since the test's beginning. */
    private void at(HandlerTrial trial, long... millis) {
        Frame[] frames = new Frame[millis.length];
        for (int i = 0; i < millis.length; i++) {
            frames[i] = frame(millis[i]);
        }
        trial.frames(frames);
    }

    private static Frame frame(long millis) {
        long start = new TestContext().epochNanos();
        return Frame.of(new byte[60], 60, start + millis * MILLI, "test");
    }
}
