package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.Schedule.Rate;
import io.ringtap.ledger.PaceReport;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pace and limit of what a loop sends. */
class PaceTest extends LoopFixture {
    @Test
    void shouldEndAStreamAfterItsTimeWithExactlyTheFramesThatFellDue() {
        InjectConfig stream =
                at(new Rate(1_000)).duration(Duration.ofMillis(200)).build();
        long before = System.nanoTime();
        try (InjectLoop loop = start(stream)) {
            VethPair.await(() -> state(loop) == StreamState.ENDED);
            assertTrue(System.nanoTime() - before >= 200_000_000);
            pause(20);
            assertEquals(200, sent(loop, "a"));
        }
    }

    @Test
    void shouldReportThePaceAskedAndAchievedAndHowLateFramesWent() {
        try (InjectLoop loop = start(at(new Rate(2_000)).count(200).build())) {
            VethPair.await(() -> state(loop) == StreamState.ENDED);
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertEquals(2_000, pace.asked().orElseThrow().framesPerSecond(), 0.001);
            double achieved = pace.achieved().framesPerSecond();
            assertTrue(achieved <= 2_000 && achieved > 500, "achieved " + achieved);
            PaceReport.Deviation late = pace.deviation().orElseThrow();
            assertTrue(late.p50Nanos() > 0 && late.p50Nanos() <= late.p99Nanos(), late.toString());
            assertTrue(late.p99Nanos() <= late.p999Nanos() && late.p999Nanos() <= late.maxNanos(), late.toString());
        }
    }

    @Test
    void shouldReportWhatAStreamAtTopSpeedAchievesAndNoDeviation() {
        try (InjectLoop loop = start(at(new Schedule.TopSpeed()).count(1_000).build())) {
            VethPair.await(() -> state(loop) == StreamState.ENDED);
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertTrue(pace.asked().isEmpty() && pace.deviation().isEmpty());
            assertTrue(pace.achieved().framesPerSecond() > 1_000);
        }
    }

    @Test
    void shouldCountTheTimeThatTheLastFramesTookToWhatAStreamAtTopSpeedAchieves() {
        injector.behaviour = frame -> {
            pause(20);
            return InjectResult.SENT;
        };
        try (InjectLoop loop = start(at(new Schedule.TopSpeed()).count(4).build())) {
            VethPair.await(() -> state(loop) == StreamState.ENDED);
            double achieved = counts(loop, "a").pace().orElseThrow().achieved().framesPerSecond();
            assertTrue(achieved <= 50, "4 frames of 20 ms each at " + achieved + " a second");
        }
    }

    @Test
    void shouldSendABurstAtOnce() {
        try (InjectLoop loop = start(at(new Schedule.Every(Duration.ofMillis(50)))
                .burst(10)
                .count(25)
                .build())) {
            VethPair.await(() -> state(loop) == StreamState.ENDED);
            assertEquals(25, injector.frames.size());
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertTrue(pace.achieved().framesPerSecond() <= 25 / 0.15, pace.toString());
        }
    }

    @Test
    void shouldSendABurstEachTimeACaptureHasPublishedSoManyMore() {
        try (InjectLoop loop =
                start(at(new EveryFrames(10, "uplink")).burst(100).count(350).build())) {
            published.set(9);
            loop.wake();
            pause(20);
            assertEquals(0, sent(loop, "a"));
            published.set(29);
            loop.wake();
            VethPair.await(() -> sent(loop, "a") == 200);
            published.set(1_000);
            assertTrue(loop.stop(SECOND)); // catches up with what the capture has published
            assertEquals(350, sent(loop, "a"));
        }
    }

    @Test
    void shouldHoldBackStreamsAndHandlersTogetherAtTheInterfacesLimit() throws Exception {
        long before = System.nanoTime();
        try (InjectLoop loop = limited(1_000, at(new Schedule.TopSpeed()).build())) {
            FrameSender sender = loop.sender();
            int taken = 0;
            for (int i = 0; i < InjectLoop.RING_FRAMES + 1_000; i++) {
                taken += sender.send(TestFrames.frame(2)) ? 1 : 0;
            }
            VethPair.await(() -> sent(loop, "handlers") > 0);
            long early = sent(loop, "a") - sent(loop, "handlers"); // of the time in which it was alone
            VethPair.await(() -> injector.frames.size() >= 300);
            long most = (System.nanoTime() - before) / 1_000_000 + 1 + 2;
            assertTrue(injector.frames.size() <= most, injector.frames.size() + " of " + most);
            assertTrue(taken < InjectLoop.RING_FRAMES + 1_000);
            assertEquals(
                    Map.of("ring_full", InjectLoop.RING_FRAMES + 1_000L - taken),
                    counts(loop, "handlers").failures());
            assertNear(early, sent(loop, "a") - sent(loop, "handlers"), 6); // a fair share each
            loop.command("a", new StreamCommand.Stop()).get(10, TimeUnit.SECONDS);
            assertFalse(loop.stop(Duration.ofMillis(100))); // the limit holds at the end, too
            assertTrue(counts(loop, "handlers").failures().containsKey("stopped"));
        }
        long most = (System.nanoTime() - before) / 1_000_000 + 1 + 2;
        assertTrue(injector.frames.size() <= most, "at the stop: " + injector.frames.size() + " of " + most);
    }

    @Test
    void shouldKeepTheLimitOfAStreamThatIsToldToGoAsFastAsCanBe() throws Exception {
        SendBudget budget = SendBudget.of(new Rate(0.01));
        try (InjectLoop loop = limited(budget, at(new Rate(0.001)).build())) {
            loop.command("a", new StreamCommand.Pace(new Schedule.TopSpeed())).get(10, TimeUnit.SECONDS);
            VethPair.await(() -> sent(loop, "a") == 1); // the next may go in 100 s
            pause(100);
            assertEquals(1, sent(loop, "a"));
        }
    }

    @Test
    void shouldGoByAnotherLimitAsSoonAsItIsSaid() throws Exception {
        SendBudget budget = SendBudget.of(new Rate(0.01));
        try (InjectLoop loop = limited(budget, at(new Schedule.TopSpeed()).build())) {
            VethPair.await(() -> sent(loop, "a") == 1); // the next may go in 100 s
            long before = System.nanoTime();
            budget.change(Optional.of(new Rate(1_000)));
            loop.lookAtLimit();
            VethPair.await(() -> sent(loop, "a") >= 100);
            double most = (System.nanoTime() - before) / 1e6 + 1 + 2;
            assertTrue(injector.frames.size() <= most, injector.frames.size() + " of " + most);
            budget.change(Optional.empty());
            loop.lookAtLimit();
            VethPair.await(() -> sent(loop, "a") >= 12_000);
            budget.change(Optional.of(new Rate(0.01)));
            loop.lookAtLimit();
            pause(20);
            long held = sent(loop, "a");
            pause(100);
            assertTrue(sent(loop, "a") <= held + 1, sent(loop, "a") + " after " + held);
        }
    }

    @Test
    void shouldLeaveOutWhatTheLimitHeldBackWhenItIsGivenAnotherRate() throws Exception {
        try (InjectLoop loop = limited(100, at(new Rate(10_000)).build())) {
            pause(1_500); // 15,000 frames fall due
            long before = sent(loop, "a");
            loop.command("a", new StreamCommand.Pace(new Rate(0.001))).get(10, TimeUnit.SECONDS);
            pause(50);
            assertTrue(sent(loop, "a") - before <= 2);
            assertTrue(before <= 160, "sent " + before);
        }
    }

    @Test
    void shouldCountWhatFallsDueOnALinkThatIsDownWithoutRegardToTheLimit() throws Exception {
        try (InjectLoop loop = limited(0.01, at(new Rate(2_000)).build())) {
            VethPair.await(() -> sent(loop, "a") == 1); // the next may go in 100 s
            pause(150); // the loop looks at the link again when it is woken
            injector.linkDown = true;
            loop.sender().send(TestFrames.frame(2));
            VethPair.await(() -> counts(loop, "a").failed() >= 200);
            VethPair.await(() -> counts(loop, "handlers").failed() == 1);
            assertEquals(1, injector.frames.size());
        }
    }

    @Test
    void shouldSleepWhileTheLimitHoldsAllBackAndBeforeADeadlineThatIsFarOff() throws Exception {
        try (InjectLoop loop = limited(20, at(new Schedule.TopSpeed()).build(), delayed())) {
            VethPair.await(() -> sent(loop, "a") >= 2);
            long before = CpuTime.ofThread("inject-test0");
            pause(500);
            long used = CpuTime.ofThread("inject-test0") - before;
            assertTrue(used < 25_000_000, "used " + used + " ns in half a second");
            assertFalse(sent(loop, "b") > 0);
        }
    }

    private static InjectConfig delayed() {
        return InjectConfig.builder("b", "test0", new Schedule.TopSpeed(), TestFrames.template(2))
                .delay(Duration.ofMinutes(1))
                .build();
    }

    private InjectLoop limited(double framesPerSecond, InjectConfig... streams) throws OpenException {
        return limited(SendBudget.of(new Rate(framesPerSecond)), streams);
    }

    private InjectLoop limited(SendBudget budget, InjectConfig... streams) throws OpenException {
        return InjectLoop.start(injector, List.of(streams), publishedOf, ReturnedFrames.Opener.NONE, budget);
    }

    private static InjectConfig.Builder at(Schedule schedule) {
        return InjectConfig.builder("a", "test0", schedule, TestFrames.template(1));
    }

    private static StreamState state(InjectLoop loop) {
        return loop.statuses().getFirst().state();
    }

    private static void assertNear(long expected, long actual, long by) {
        assertTrue(Math.abs(actual - expected) <= by, actual + " is not within " + by + " of " + expected);
    }
}
