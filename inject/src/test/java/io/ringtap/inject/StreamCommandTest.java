package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.Every;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.config.Schedule.Rate;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamCommands;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.ledger.PaceReport;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Streams that are started, stopped and given another rate while the loop runs. */
class StreamCommandTest extends LoopFixture {
    private static final StreamCommand START = new StreamCommand.Start();
    private static final StreamCommand STOP = new StreamCommand.Stop();
    private static final Schedule MILLISECOND = new Every(MILLI);

    @Test
    void shouldSendNothingOfAManualStreamBeforeItIsStartedThenItsCountAtEachStart() throws Exception {
        try (InjectLoop loop = start(manual("a", MILLISECOND, 5, 1))) {
            assertState(StreamState.WAITING, 0, loop);
            time.let(Duration.ofMillis(50));
            assertEquals(0, injector.frames.size());
            for (int starts = 1; starts <= 3; starts++) {
                assertEquals(StreamState.RUNNING, tell(loop, "a", START).state());
                time.let(Duration.ofMillis(4));
                assertState(StreamState.RUNNING, starts, loop);
                time.let(MILLI);
                assertEquals(5L * starts, sent(loop, "a"));
                assertState(StreamState.ENDED, starts, loop);
            }
            time.let(Duration.ofMillis(20));
            assertEquals(15, injector.frames.size());
        }
    }

    @Test
    void shouldLetAStreamThatRunsGoOnWhenItIsStartedAgain() throws Exception {
        try (InjectLoop loop = start(manual("a", new Every(Duration.ofMillis(20)), 4, 1))) {
            tell(loop, "a", START);
            time.let(Duration.ofMillis(50));
            assertEquals(2, sent(loop, "a"));
            tell(loop, "a", START);
            time.let(Duration.ofMillis(30));
            assertEquals(4, sent(loop, "a"));
            assertState(StreamState.ENDED, 1, loop);
        }
    }

    @Test
    void shouldSendNothingMoreOnceAStopIsDone() throws Exception {
        try (InjectLoop loop = start(stream("a", MILLISECOND, 0, 1))) {
            time.let(Duration.ofMillis(3));
            assertEquals(3, tell(loop, "a", STOP).counts().sent());
            time.let(Duration.ofMillis(50));
            assertEquals(3, sent(loop, "a"));
            assertState(StreamState.STOPPED, 1, loop);
            tell(loop, "a", START);
            time.let(Duration.ofMillis(3));
            assertEquals(6, sent(loop, "a"));
        }
    }

    @Test
    void shouldNotSendInABurstWhatFellDueWhileAStreamWasStopped() throws Exception {
        try (InjectLoop loop =
                start(stream("a", new Rate(1000), 0, 1), manual("b", new EveryFrames(10, "uplink"), 0, 2))) {
            tell(loop, "a", STOP);
            time.let(Duration.ofMillis(300));
            published.set(1_005);
            tell(loop, "a", new StreamCommand.Pace(new Rate(10)));
            tell(loop, "a", START);
            tell(loop, "b", START);
            time.let(Duration.ofMillis(100).minus(NANO));
            assertEquals(0, sent(loop, "a"));
            assertEquals(0, sent(loop, "b"));
            time.let(NANO);
            assertEquals(1, sent(loop, "a"));
            publish(loop, 1_030);
            assertEquals(3, sent(loop, "b"));
        }
    }

    @Test
    void shouldSendAtANewRateFromTheMomentItIsGiven() throws Exception {
        try (InjectLoop loop = start(stream("a", NEVER, 1_000, 1))) {
            time.let(Duration.ofSeconds(5));
            StreamStatus told = tell(loop, "a", new StreamCommand.Pace(new Rate(2_000)));
            assertEquals(new Rate(2_000), told.config().schedule());
            time.let(Duration.ofMillis(500).minus(NANO));
            assertEquals(999, sent(loop, "a"));
            time.let(NANO);
            assertEquals(1_000, sent(loop, "a"));
            assertState(StreamState.ENDED, 1, loop);
        }
    }

    @Test
    void shouldRefuseANewRateForAStreamThatFollowsACaptureAndAnyCommandForOneThatIsNotThere() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            assertRefused(IllegalArgumentException.class, loop.command("a", new StreamCommand.Pace(new Rate(1))));
            assertRefused(IllegalArgumentException.class, loop.command("b", START));
            assertEquals(new EveryFrames(10, "uplink"), status(loop).config().schedule());
        }
    }

    @Test
    void shouldRefuseCommandsBeyondItsBoundWithoutWaitingAndDoThoseItTook() {
        CountDownLatch go = new CountDownLatch(1);
        injector.behaviour = frame -> wait(go);
        try (InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            published.set(1);
            loop.wake();
            VethPair.await(() -> injector.frames.size() == 1);
            List<CompletableFuture<StreamStatus>> taken = new ArrayList<>();
            for (int i = 0; i < StreamCommands.MOST_WAITING; i++) {
                taken.add(loop.command("a", i % 2 == 0 ? STOP : START));
            }
            assertRefused(RejectedExecutionException.class, loop.command("a", STOP));
            assertTrue(taken.stream().noneMatch(CompletableFuture::isDone));
            go.countDown();
            VethPair.await(() -> taken.stream().allMatch(CompletableFuture::isDone));
            assertTrue(taken.stream().noneMatch(CompletableFuture::isCompletedExceptionally));
            assertState(StreamState.RUNNING, 1 + StreamCommands.MOST_WAITING / 2, loop);
        }
    }

    @Test
    void shouldDoACommandBeforeTheNextFrameOfAStreamThatIsFarBehind() throws Exception {
        Semaphore let = new Semaphore(0);
        injector.behaviour = frame -> {
            let.acquireUninterruptibly();
            return InjectResult.SENT;
        };
        published.set(1_000);
        try (InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            VethPair.await(() -> injector.frames.size() == 1);
            CompletableFuture<StreamStatus> stopped = loop.command("a", STOP);
            let.release(1_000);
            done(stopped);
            assertEquals(4, injector.frames.size(), "those that were taken together with the first");
        }
    }

    @Test
    void shouldRefuseCommandsAfterTheStop() {
        InjectLoop loop = start(stream("a", NEVER, 0, 1));
        assertTrue(loop.stop(HANG));
        assertRefused(RejectedExecutionException.class, loop.command("a", STOP));
    }

    @Test
    void shouldCatchUpAtTheStopOnlyWithAStreamThatRuns() throws Exception {
        InjectLoop loop = start(manual("a", new EveryFrames(10, "uplink"), 0, 1));
        published.set(500);
        tell(loop, "a", START);
        tell(loop, "a", STOP);
        published.set(1_000);
        assertTrue(loop.stop(HANG));
        assertEquals(0, sent(loop, "a"));
        assertEquals(0, counts(loop, "a").failed());
    }

    @Test
    void shouldRefuseACommandThatComesWhenNobodyIsThereToDoItAnyMore() {
        StreamCommands commands = new StreamCommands();
        CompletableFuture<String> waiting = commands.offer("a", _ -> "done");
        commands.refuseAll("over");
        CompletableFuture<String> late = commands.offer("a", _ -> "done");
        assertTrue(waiting.isCompletedExceptionally());
        assertTrue(late.isCompletedExceptionally(), "nobody would ever answer");
    }

    @Test
    void shouldReportInTheUnitOfTheRateItWasGivenAfterAnotherStartToo() throws Exception {
        try (InjectLoop loop = start(stream("a", new Schedule.BitRate(1_000_000), 0, 1))) {
            tell(loop, "a", new StreamCommand.Pace(new Rate(2_000)));
            tell(loop, "a", STOP);
            tell(loop, "a", START);
            time.let(Duration.ofMillis(50));
            assertEquals(100, sent(loop, "a"));
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertTrue(pace.achieved().bitsPerSecond().isEmpty(), pace.toString());
            assertEquals(2_000, pace.asked().orElseThrow().framesPerSecond(), 0.001);
        }
    }

    @Test
    void shouldGoAsFastAsCanBeWhenItIsToldToAndBackToARate() throws Exception {
        InjectConfig bursts = InjectConfig.builder("a", "test0", new Rate(20), TestFrames.template(1))
                .burst(10)
                .build();
        sendsTake(Duration.ofNanos(1_000));
        try (InjectLoop loop = start(bursts)) {
            StreamStatus top = tell(loop, "a", new StreamCommand.Pace(new Schedule.TopSpeed()));
            assertEquals(new Schedule.TopSpeed(), top.config().schedule());
            assertEquals(1, top.config().burst(), "there are none at top speed");
            VethPair.await(() -> sent(loop, "a") >= 10_000); // eight minutes' worth of frames
            PaceReport pace = counts(loop, "a").pace().orElseThrow();
            assertTrue(pace.asked().isEmpty(), pace.toString());
            StreamStatus slow = tell(loop, "a", new StreamCommand.Pace(new Rate(0.001)));
            assertEquals(new Rate(0.001), slow.config().schedule());
            assertEquals(10, slow.config().burst(), "as it was configured");
            time.let(Duration.ofSeconds(10_000).minus(NANO));
            assertEquals(slow.counts().sent(), sent(loop, "a"));
            time.let(NANO);
            assertEquals(slow.counts().sent() + 10, sent(loop, "a"));
        }
    }

    private static InjectConfig manual(String name, Schedule schedule, long count, int mark) {
        return InjectConfig.builder(name, "test0", schedule, TestFrames.template(mark))
                .count(count)
                .start(Start.MANUAL)
                .build();
    }

    private static StreamStatus tell(InjectLoop loop, String stream, StreamCommand command) throws Exception {
        return done(loop.command(stream, command));
    }

    private static StreamStatus status(InjectLoop loop) {
        return loop.statuses().getFirst();
    }

    private static void assertState(StreamState state, long starts, InjectLoop loop) {
        assertEquals(state, status(loop).state());
        assertEquals(starts, status(loop).starts());
    }

    private static void assertRefused(Class<? extends Exception> cause, CompletableFuture<StreamStatus> done) {
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> done(done));
        assertInstanceOf(cause, thrown.getCause());
    }
}
