package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.config.Schedule.Rate;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.stream.Link;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.ledger.PaceReport;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pace and limit of what a loop sends. */
class PaceTest extends LoopFixture {
    @Test
    void shouldEndAStreamAfterItsTimeWithExactlyTheFramesThatFellDue() {
        InjectConfig stream =
                at(new Rate(1_000)).duration(Duration.ofMillis(200)).build();
        try (InjectLoop loop = start(stream)) {
            time.let(Duration.ofMillis(200).minus(NANO));
            assertEquals(StreamState.RUNNING, state(loop));
            assertEquals(199, sent(loop, "a"));
            time.let(NANO);
            assertEquals(StreamState.ENDED, state(loop));
            time.let(Duration.ofMillis(20));
            assertEquals(200, sent(loop, "a"));
        }
    }

    @Test
    void shouldReportThePaceAskedAndAchievedAndHowLateFramesWent() {
        injector.behaviour = _ -> {
            time.take(Duration.ofMillis(injector.frames.size() == 1 ? 10 : 0)); // which makes 20 frames late
            return InjectResult.SENT;
        };
        try (InjectLoop loop = start(at(new Rate(2_000)).count(200).build())) {
            time.let(Duration.ofMillis(100));
            assertEquals(StreamState.ENDED, state(loop));
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertEquals(2_000, pace.asked().orElseThrow().framesPerSecond(), 1e-6);
            assertEquals(2_000, pace.achieved().framesPerSecond(), 1e-6);
            PaceReport.Deviation late = pace.deviation().orElseThrow();
            assertEquals(0, late.p50Nanos());
            assertEquals(8.5e6, (double) late.p99Nanos(), 85e3); // of 200 the third worst
            assertEquals(9.5e6, (double) late.p999Nanos(), 95e3);
            assertEquals(9.5e6, (double) late.maxNanos(), 95e3);
        }
    }

    @Test
    void shouldReportWhatAStreamAtTopSpeedAchievesTheTimeOfItsLastFramesIncludedAndNoDeviation() {
        for (int count : new int[] {4, 1_000}) {
            injector.frames.clear();
            sendsTake(Duration.ofMillis(20));
            try (InjectLoop loop =
                    start(at(new Schedule.TopSpeed()).count(count).build())) {
                VethPair.await(() -> state(loop) == StreamState.ENDED);
                PaceReport pace = counts(loop, "a").pace().orElseThrow();
                assertEquals(50, pace.achieved().framesPerSecond(), 1e-6);
                assertTrue(pace.asked().isEmpty() && pace.deviation().isEmpty());
            }
        }
    }

    @Test
    void shouldSendABurstAtOnce() {
        try (InjectLoop loop = start(at(new Schedule.Every(Duration.ofMillis(50)))
                .burst(10)
                .count(25)
                .build())) {
            time.let(Duration.ofMillis(50).minus(NANO));
            assertEquals(0, injector.frames.size());
            time.let(NANO);
            assertEquals(10, injector.frames.size());
            time.let(Duration.ofMillis(50));
            assertEquals(20, injector.frames.size());
            time.let(Duration.ofMillis(50));
            assertEquals(25, injector.frames.size());
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertEquals(25 / 0.15, pace.achieved().framesPerSecond(), 1e-6);
        }
    }

    @Test
    void shouldSendABurstEachTimeACaptureHasPublishedSoManyMore() {
        try (InjectLoop loop =
                start(at(new EveryFrames(10, "uplink")).burst(100).count(350).build())) {
            publish(loop, 9);
            time.let(Duration.ofSeconds(1));
            assertEquals(0, sent(loop, "a"));
            publish(loop, 29);
            assertEquals(200, sent(loop, "a"));
            published.set(1_000);
            assertTrue(loop.stop(HANG)); // catches up with what the capture has published
            assertEquals(350, sent(loop, "a"));
        }
    }

    @Test
    void shouldHoldBackStreamsAndHandlersTogetherAtTheInterfacesLimit() throws Exception {
        try (InjectLoop loop = limited(1_000, at(new Schedule.TopSpeed()).build())) {
            time.let(Duration.ofMillis(100));
            assertEquals(1 + 100, sent(loop, "a"));
            FrameSender sender = loop.sender();
            int taken = 0;
            for (int i = 0; i < InjectLoop.RING_FRAMES + 1_000; i++) {
                taken += sender.send(TestFrames.frame(2)) ? 1 : 0;
            }
            assertEquals(InjectLoop.RING_FRAMES, taken);
            assertEquals(Map.of("ring_full", 1_000L), counts(loop, "handlers").failures());
            time.let(Duration.ofMillis(200));
            assertEquals(1 + 300, injector.frames.size());
            assertEquals(100, sent(loop, "handlers")); // a fair share each
            done(loop.command("a", new StreamCommand.Stop()));
            time.settle();
            assertFalse(loop.stop(Duration.ofMillis(100)));
            assertFalse(loop.stop(HANG)); // the first one counts
            assertEquals(Duration.ofMillis(400), time.passed());
            assertEquals(1 + 300 + 98, injector.frames.size()); // at the end, too; the stream's place is not used
            assertEquals(
                    Map.of("ring_full", 1_000L, "stopped", InjectLoop.RING_FRAMES - 198L),
                    counts(loop, "handlers").failures());
        }
    }

    @Test
    void shouldKeepTheLimitOfAStreamThatIsToldToGoAsFastAsCanBe() throws Exception {
        try (InjectLoop loop = limited(0.01, at(new Rate(0.001)).build())) {
            done(loop.command("a", new StreamCommand.Pace(new Schedule.TopSpeed())));
            time.settle();
            assertEquals(1, sent(loop, "a")); // the next may go in 100 s
            time.let(Duration.ofSeconds(100).minus(NANO));
            assertEquals(1, sent(loop, "a"));
            time.let(NANO);
            assertEquals(2, sent(loop, "a"));
        }
    }

    @Test
    void shouldGoByAnotherLimitAsSoonAsItIsSaid() {
        SendBudget budget = SendBudget.of(new Rate(0.01));
        try (InjectLoop loop = start(budget, at(new Schedule.TopSpeed()).build())) {
            time.let(Duration.ofMillis(10));
            assertEquals(1, sent(loop, "a")); // the next may go in 100 s
            budget.change(Optional.of(new Rate(1_000)));
            loop.lookAtLimit();
            time.let(Duration.ofMillis(99));
            assertEquals(1 + 100, sent(loop, "a"));
            budget.change(Optional.empty());
            loop.lookAtLimit();
            VethPair.await(() -> sent(loop, "a") >= 12_000);
            budget.change(Optional.of(new Rate(0.01)));
            time.settle(); // at top speed it does not sleep
            long held = sent(loop, "a");
            time.let(Duration.ofSeconds(100).minus(NANO));
            assertEquals(held, sent(loop, "a"));
            time.let(NANO);
            assertEquals(held + 1, sent(loop, "a"));
        }
    }

    @Test
    void shouldLeaveOutWhatTheLimitHeldBackWhenItIsGivenAnotherRate() throws Exception {
        try (InjectLoop loop = limited(100, at(new Rate(10_000)).build())) {
            time.let(Duration.ofMillis(1_500)); // 15,000 frames fall due
            assertEquals(150, sent(loop, "a"));
            done(loop.command("a", new StreamCommand.Pace(new Rate(0.001))));
            time.let(Duration.ofSeconds(1_000).minus(NANO));
            assertEquals(150, sent(loop, "a"));
            time.let(NANO);
            assertEquals(151, sent(loop, "a"));
        }
    }

    @Test
    void shouldCountWhatFallsDueOnALinkThatIsDownWithoutRegardToTheLimit() {
        try (InjectLoop loop = limited(0.01, at(new Rate(2_000)).build())) {
            time.let(Duration.ofMillis(2));
            assertEquals(1, sent(loop, "a")); // the next may go in 100 s
            injector.linkDown = true;
            loop.sender().send(TestFrames.frame(2)); // which has the loop look at the link
            time.let(Link.LOOK_AGAIN);
            assertEquals(3 + 200, counts(loop, "a").failed()); // those that were held back, too
            assertEquals(1, counts(loop, "handlers").failed());
            assertEquals(1, injector.frames.size());
        }
    }

    @Test
    void shouldSleepWhileTheLimitHoldsAllBackAndBeforeADeadlineThatIsFarOff() {
        try (InjectLoop loop = limited(20, at(new Schedule.TopSpeed()).build(), delayed())) {
            time.settle();
            long before = time.sleeps();
            time.let(Duration.ofMillis(500));
            assertEquals(10, time.sleeps() - before);
            assertEquals(1 + 10, sent(loop, "a"));
            assertEquals(0, sent(loop, "b"));
        }
    }

    private static InjectConfig delayed() {
        return InjectConfig.builder("b", "test0", new Schedule.TopSpeed(), TestFrames.template(2))
                .delay(Duration.ofMinutes(1))
                .build();
    }

    private InjectLoop limited(double framesPerSecond, InjectConfig... streams) {
        return start(SendBudget.of(new Rate(framesPerSecond)), streams);
    }

    private static InjectConfig.Builder at(Schedule schedule) {
        return InjectConfig.builder("a", "test0", schedule, TestFrames.template(1));
    }
}
