package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.Every;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.ReadyStream;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.pcap4j.util.MacAddress;

/** Streams that come and go while the loop runs. */
class StreamChangeTest extends LoopFixture {
    private static final Schedule MILLISECOND = new Every(MILLI);

    private static ReadyStream open(InjectLoop loop, InjectConfig config) throws ExecutionException {
        return done(loop.open(config, LoopedFrames.Opener.NONE));
    }

    @Test
    void shouldSendNothingOfAStreamThatIsOpenUntilItBegins() throws Exception {
        try (InjectLoop loop = start()) {
            assertTrue(loop.isUnused());
            ReadyStream ready = open(loop, stream("a", MILLISECOND, 0, 1));
            time.let(Duration.ofMillis(50));
            assertEquals(0, injector.frames.size());
            assertEquals(List.of(), loop.counts());
            assertThrows(ExecutionException.class, () -> done(loop.command("a", new StreamCommand.Start())));
            done(loop.change(Set.of(), List.of(ready)));
            assertFalse(loop.isUnused());
            time.let(Duration.ofMillis(5));
            assertEquals(5, injector.frames.size(), "what fell due before it began is left out");
        }
    }

    @Test
    void shouldLetTheOthersGoOnAsIfNothingHadBeen() throws Exception {
        try (InjectLoop loop = start(stream("a", MILLISECOND, 0, 1), stream("b", MILLISECOND, 0, 2))) {
            time.let(Duration.ofMillis(3).plusNanos(500_000));
            ReadyStream replacing = open(loop, stream("b", NEVER, 0, 3));
            List<InjectCounts> last = done(loop.change(Set.of("b"), List.of(replacing)));
            assertEquals(3, last.getFirst().sent());
            assertEquals("b", last.getFirst().name());
            assertEquals(0, sent(loop, "b"), "the new one begins from 0");
            time.let(Duration.ofMillis(19).plusNanos(500_000));
            assertEquals(23, sent(loop, "a"));
            assertEquals(3, Collections.frequency(injector.marks(), 2));
            assertEquals(
                    List.of("a", "b"),
                    loop.statuses().stream()
                            .map(status -> status.counts().name())
                            .toList());
            assertEquals(1, loop.statuses().getFirst().starts());
        }
    }

    @Test
    void shouldFirstSendWhatFellDueForAStreamThatFollowsACapture() throws Exception {
        try (InjectLoop loop = start(stream("mark", new EveryFrames(10, "uplink"), 0, 1))) {
            published.set(1_000);
            assertEquals(
                    100, done(loop.change(Set.of("mark"), List.of())).getFirst().sent());
            publish(loop, 2_000);
            time.let(Duration.ofMillis(150));
            assertEquals(100, injector.frames.size());
            assertTrue(loop.isUnused());
        }
    }

    @Test
    void shouldFollowACaptureFromWhenItBegins() throws Exception {
        published.set(1_000_000);
        try (InjectLoop loop = start()) {
            ReadyStream ready = open(loop, stream("mark", new EveryFrames(10, "uplink"), 0, 1));
            published.addAndGet(500);
            done(loop.change(Set.of(), List.of(ready)));
            publish(loop, published.get() + 50);
            assertEquals(5, sent(loop, "mark"));
            time.let(Duration.ofMillis(150));
            assertEquals(5, sent(loop, "mark"));
        }
    }

    @Test
    void shouldKeepToTheInterfacesLimitWhileStreamsComeAndGo() throws Exception {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        InjectLoop loop = start(budget, stream("a", new Schedule.TopSpeed(), 0, 1));
        long ended = 0;
        for (int i = 0; i < 10; i++) {
            ReadyStream next = open(loop, stream("b" + i, new Schedule.TopSpeed(), 0, 2));
            Set<String> leaving = i == 0 ? Set.of() : Set.of("b" + (i - 1));
            for (InjectCounts last : done(loop.change(leaving, List.of(next)))) {
                ended += last.sent();
            }
            time.let(Duration.ofMillis(30));
        }
        assertEquals(9 * 15, (double) ended, 9, "those that came had their share");
        long most = 1 + 10 * 30;
        assertEquals(most - 9, injector.frames.size(), "what those that left had booked is not used");
        assertTrue(loop.stop(HANG));
        assertEquals(Duration.ZERO, budget.longestMoment(), "whoever is gone needs nothing any more");
    }

    @Test
    void shouldCountWhatTheLimitKeepsAFollowerThatEndsFromCatchingUpWith() throws Exception {
        try (InjectLoop loop =
                start(SendBudget.of(new Schedule.Rate(100)), stream("mark", new EveryFrames(1, "uplink"), 0, 1))) {
            time.settle();
            published.set(1_000);
            InjectCounts last = done(loop.change(Set.of("mark"), List.of())).getFirst();
            assertEquals(50, last.sent(), "it had half a second");
            assertEquals(Map.of("stopped", 950L), last.failures());
            long most = Duration.ofMillis(500).toNanos() / DueSleep.SPIN_NANOS;
            assertEquals(most, time.pauses(), "it waits, and does not spin");
        }
    }

    @Test
    void shouldRefuseAStreamWhoseFramesDoNotFitAndGoOn() throws Exception {
        try (InjectLoop loop = start(stream("a", MILLISECOND, 0, 1))) {
            FrameTemplate frame = FrameTemplate.of(
                    MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "00".repeat(2_000));
            InjectConfig tooLong =
                    InjectConfig.builder("b", "test0", NEVER, frame).build();
            ExecutionException refused = assertThrows(ExecutionException.class, () -> open(loop, tooLong));
            assertInstanceOf(OpenException.class, refused.getCause());
            time.let(MILLI);
            assertEquals(1, sent(loop, "a"));
        }
    }

    @Test
    void shouldCloseWhatAStreamHeldWhenItEndsOrIsNotWanted() throws Exception {
        int[] open = {0};
        LoopedFrames.Opener opener = (every, burst, addresses) -> {
            open[0]++;
            return Optional.of(new LoopedFrames() {
                @Override
                public int count() {
                    return 0;
                }

                @Override
                public void close() {
                    open[0]--;
                }
            });
        };
        InjectConfig following = stream("mark", new EveryFrames(10, "uplink"), 0, 1);
        try (InjectLoop loop = start()) {
            done(loop.open(following, opener)).close();
            done(loop.change(Set.of(), List.of())); // behind it
            assertEquals(0, open[0]);
            done(loop.change(Set.of(), List.of(done(loop.open(following, opener)))));
            assertEquals(1, open[0]);
            done(loop.change(Set.of("mark"), List.of()));
            assertEquals(0, open[0]);
        }
    }

    @Test
    void shouldReleaseWhatAStreamHeldThatCouldNotBeOpened() throws Exception {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        LoopedFrames.Opener broken = (every, burst, addresses) -> {
            throw new IllegalStateException("as the test wants");
        };
        try (InjectLoop loop = start(budget)) {
            InjectConfig following = stream("mark", new EveryFrames(10, "uplink"), 0, 1);
            assertThrows(ExecutionException.class, () -> done(loop.open(following, broken)));
            assertEquals(Duration.ZERO, budget.longestMoment());
        }
    }

    @Test
    void shouldBeginAStreamWhenThoseBeforeItHaveEndedHoweverLongThatTook() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        injector.behaviour = frame -> {
            InjectResult result = wait(go);
            time.take(TestFrames.mark(frame) == 1 ? Duration.ofMillis(20) : Duration.ZERO);
            return result;
        };
        try (InjectLoop loop = start(stream("mark", new EveryFrames(1, "uplink"), 0, 1))) {
            ReadyStream next = open(loop, stream("next", MILLISECOND, 0, 2));
            published.set(1); // with which the thread is held up until it has the change before it
            loop.wake();
            VethPair.await(() -> injector.frames.size() == 1);
            CompletableFuture<List<InjectCounts>> change = loop.change(Set.of("mark"), List.of(next));
            published.set(1_000);
            go.countDown();
            InjectCounts last = done(change).getFirst();
            assertEquals(1_000, last.sent() + last.failed());
            assertEquals(
                    1 + 28, last.sent(), "it had half a second for frames of 20 ms, of which it sends four at once");
            time.settle();
            assertEquals(0, sent(loop, "next"));
            time.let(Duration.ofMillis(20));
            assertEquals(20, sent(loop, "next"));
        }
    }

    @Test
    void shouldGiveACommandToTheStreamThatIsThereWhenItIsDone() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (InjectLoop loop = start(stream("busy", new EveryFrames(1, "uplink"), 0, 1), manual("a"))) {
            ReadyStream next = open(loop, manual("a"));
            injector.behaviour = frame -> {
                busy.countDown();
                return wait(go);
            };
            published.set(1);
            loop.wake();
            busy.await();
            CompletableFuture<List<InjectCounts>> changed = loop.change(Set.of("a"), List.of(next));
            CompletableFuture<StreamStatus> told = loop.command("a", new StreamCommand.Start());
            CompletableFuture<List<InjectCounts>> gone = loop.change(Set.of("a"), List.of());
            CompletableFuture<StreamStatus> late = loop.command("a", new StreamCommand.Start());
            go.countDown();
            done(changed);
            assertEquals(StreamState.RUNNING, done(told).state());
            assertEquals(1, done(gone).size());
            assertInstanceOf(
                    IllegalArgumentException.class,
                    assertThrows(ExecutionException.class, () -> done(late)).getCause());
        }
    }

    private static InjectConfig manual(String name) {
        return InjectConfig.builder(name, "test0", NEVER, TestFrames.template(3))
                .start(InjectConfig.Start.MANUAL)
                .build();
    }
}
