package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.Schedule.Every;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pcap4j.util.MacAddress;

/** Streams that come and go while the loop runs. */
class StreamChangeTest extends LoopFixture {
    private static final Schedule MILLISECOND = new Every(Duration.ofMillis(1));

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static ReadyStream open(InjectLoop loop, InjectConfig config) throws Exception {
        return done(loop.open(config, ReturnedFrames.Opener.NONE));
    }

    @Test
    void shouldSendNothingOfAStreamThatIsOpenUntilItBegins() throws Exception {
        try (InjectLoop loop = start()) {
            assertTrue(loop.isUnused());
            ReadyStream ready = open(loop, stream("a", MILLISECOND, 0, 1));
            pause(50);
            assertEquals(0, injector.frames.size());
            assertEquals(List.of(), loop.counts());
            assertThrows(ExecutionException.class, () -> done(loop.command("a", new StreamCommand.Start())));
            done(loop.change(Set.of(), List.of(ready)));
            assertFalse(loop.isUnused());
            VethPair.await(() -> sent(loop, "a") >= 5);
            pause(20);
            assertTrue(injector.frames.size() < 5_000, "what fell due before it began is left out");
        }
    }

    @Test
    void shouldLetTheOthersGoOnAsIfNothingHadBeen() throws Exception {
        try (InjectLoop loop = start(stream("a", MILLISECOND, 0, 1), stream("b", MILLISECOND, 0, 2))) {
            VethPair.await(() -> sent(loop, "a") >= 3 && sent(loop, "b") >= 3);
            ReadyStream replacing = open(loop, stream("b", NEVER, 0, 3));
            List<InjectCounts> last = done(loop.change(Set.of("b"), List.of(replacing)));
            long before = sent(loop, "a");
            assertEquals(
                    Collections.frequency(injector.marks(), 2), last.getFirst().sent());
            assertEquals("b", last.getFirst().name());
            assertEquals(0, sent(loop, "b"), "the new one begins from 0");
            VethPair.await(() -> sent(loop, "a") >= before + 20);
            assertEquals(last.getFirst().sent(), Collections.frequency(injector.marks(), 2));
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
            published.set(2_000);
            loop.wake();
            pause(150);
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
            published.addAndGet(50);
            loop.wake();
            VethPair.await(() -> sent(loop, "mark") == 5);
            pause(150);
            assertEquals(5, sent(loop, "mark"));
        }
    }

    @Test
    void shouldKeepToTheInterfacesLimitWhileStreamsComeAndGo() throws Exception {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        long before = System.nanoTime();
        try (InjectLoop loop = InjectLoop.start(
                injector,
                List.of(stream("a", new Schedule.TopSpeed(), 0, 1)),
                publishedOf,
                ReturnedFrames.Opener.NONE,
                budget)) {
            long ended = 0;
            for (int i = 0; i < 10; i++) {
                ReadyStream next = open(loop, stream("b" + i, new Schedule.TopSpeed(), 0, 2));
                Set<String> leaving = i == 0 ? Set.of() : Set.of("b" + (i - 1));
                for (InjectCounts last : done(loop.change(leaving, List.of(next)))) {
                    ended += last.sent();
                }
                pause(30);
            }
            assertTrue(ended >= 50, "those that came had their share: " + ended);
            double most = (System.nanoTime() - before) / 1e6 + 1 + 2;
            assertTrue(injector.frames.size() <= most, injector.frames.size() + " of " + most);
        }
        assertEquals(Duration.ZERO, budget.longestMoment(), "whoever is gone needs nothing any more");
    }

    @Test
    void shouldCountWhatTheLimitKeepsAFollowerThatEndsFromCatchingUpWith() throws Exception {
        try (InjectLoop loop = InjectLoop.start(
                injector,
                List.of(stream("mark", new EveryFrames(1, "uplink"), 0, 1)),
                publishedOf,
                ReturnedFrames.Opener.NONE,
                SendBudget.of(new Schedule.Rate(100)))) {
            long before = System.nanoTime();
            published.set(1_000);
            InjectCounts last = done(loop.change(Set.of("mark"), List.of())).getFirst();
            double most = (System.nanoTime() - before) / 1e7 + 1 + 1;
            assertTrue(last.sent() >= 10 && last.sent() <= most, last + ", not " + most);
            assertEquals(1_000 - last.sent(), last.failures().get("stopped"));
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
            long before = sent(loop, "a");
            VethPair.await(() -> sent(loop, "a") > before);
        }
    }

    @Test
    void shouldCloseWhatAStreamHeldWhenItEndsOrIsNotWanted() throws Exception {
        int[] open = {0};
        ReturnedFrames.Opener opener = (every, burst, addresses) -> {
            open[0]++;
            return Optional.of(new ReturnedFrames() {
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
        ReturnedFrames.Opener broken = (every, burst, addresses) -> {
            throw new IllegalStateException("as the test wants");
        };
        try (InjectLoop loop = InjectLoop.start(injector, List.of(), publishedOf, ReturnedFrames.Opener.NONE, budget)) {
            InjectConfig following = stream("mark", new EveryFrames(10, "uplink"), 0, 1);
            assertThrows(ExecutionException.class, () -> done(loop.open(following, broken)));
            assertEquals(Duration.ZERO, budget.longestMoment());
        }
    }

    @Test
    void shouldBeginAStreamWhenThoseBeforeItHaveEndedHoweverLongThatTook() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        injector.behaviour = frame -> {
            pause(TestFrames.mark(frame) == 1 && go.getCount() == 0 ? 20 : 0);
            return wait(go);
        };
        try (InjectLoop loop = start(stream("mark", new EveryFrames(1, "uplink"), 0, 1))) {
            ReadyStream next = open(loop, stream("next", MILLISECOND, 0, 2));
            published.set(1); // with which the thread is held up until it has the change before it
            CompletableFuture<List<InjectCounts>> change = loop.change(Set.of("mark"), List.of(next));
            published.set(1_000);
            go.countDown();
            InjectCounts last = done(change).getFirst();
            assertEquals(1_000, last.sent() + last.failed());
            assertTrue(last.sent() <= 500 / 20 + 4, "it had half a second for frames of 20 ms: " + last);
            VethPair.await(() -> sent(loop, "next") >= 20);
            long worst = counts(loop, "next")
                    .pace()
                    .orElseThrow()
                    .deviation()
                    .orElseThrow()
                    .maxNanos();
            assertTrue(worst < 300_000_000, "a frame fell due " + worst + " ns before its stream began");
        }
    }

    @Test
    void shouldGiveACommandToTheStreamThatIsThereWhenItIsDone() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (InjectLoop loop = start(stream("busy", MILLISECOND, 0, 1), manual("a"))) {
            ReadyStream next = open(loop, manual("a"));
            injector.behaviour = frame -> {
                busy.countDown();
                return wait(go);
            };
            assertTrue(busy.await(10, TimeUnit.SECONDS));
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
