package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.Schedule.Every;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.Schedule.Rate;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InjectLoopTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Schedule NEVER = new Every(Duration.ofDays(1));

    private final RecordingInjector injector = new RecordingInjector();
    private final AtomicLong published = new AtomicLong();
    private final Function<String, LongSupplier> publishedOf =
            Map.<String, LongSupplier>of("uplink", published::get)::get;

    @Test
    void shouldSendATimedStreamsFramesUntilItsCountIsReached() {
        try (InjectLoop loop = start(stream("a", new Every(Duration.ofMillis(1)), 5, 1))) {
            VethPair.await(() -> sent(loop, "a") == 5);
            pause(50);
            assertEquals(List.of(1, 1, 1, 1, 1), injector.marks());
        }
        assertEquals(Set.of("inject-test0"), Set.copyOf(injector.threads));
        assertEquals(1, injector.closed.get());
    }

    @Test
    void shouldSendNoFrameBeforeItsDeadlineAndKeepTheRate() {
        long[] atNanos = new long[1000];
        AtomicLong n = new AtomicLong();
        injector.behaviour = frame -> {
            atNanos[(int) n.getAndIncrement()] = System.nanoTime();
            return InjectResult.SENT;
        };
        long before = System.nanoTime();
        try (InjectLoop loop = start(stream("a", new Rate(2000), 1000, 1))) {
            VethPair.await(() -> sent(loop, "a") == 1000);
        }
        for (int i = 0; i < 1000; i++) {
            assertTrue(atNanos[i] - before >= (i + 1) * 500_000L, "frame " + (i + 1) + " came too early");
        }
        long late = atNanos[999] - before - 500_000_000L;
        assertTrue(late < 250_000_000L, "the last frame came " + late + " ns late");
    }

    @Test
    void shouldSendWhatFellDueWhileASendWasStuck() {
        AtomicLong stuckOnce = new AtomicLong(1);
        injector.behaviour = frame -> {
            if (stuckOnce.getAndSet(0) == 1) {
                pause(300);
            }
            return InjectResult.SENT;
        };
        long before = System.nanoTime();
        try (InjectLoop loop = start(stream("a", new Rate(1000), 400, 1))) {
            VethPair.await(() -> sent(loop, "a") == 400);
        }
        long late = System.nanoTime() - before - 400_000_000L;
        assertTrue(late < 250_000_000L, "the stall was not made up for: " + late + " ns late");
    }

    @Test
    void shouldSendExactlyOneFrameForEachMultipleOfThePublishedCount() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(100, "uplink"), 0, 1))) {
            for (int i = 0; i < 12_345; i++) {
                published.incrementAndGet();
                loop.wake();
            }
            VethPair.await(() -> sent(loop, "a") == 123);
            published.set(12_399);
            loop.wake();
            pause(20);
            assertEquals(123, sent(loop, "a"));
            published.set(12_400);
            loop.wake();
            VethPair.await(() -> sent(loop, "a") == 124);
        }
        assertEquals(124, injector.frames.size());
    }

    @Test
    void shouldWakeWithinMillisecondsWhenAFrameFallsDue() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            long waited = 0;
            for (int i = 1; i <= 20; i++) {
                pause(10); // so that it sleeps
                long before = System.nanoTime();
                published.set(10L * i);
                loop.wake();
                long expected = i;
                VethPair.await(() -> sent(loop, "a") == expected);
                waited += System.nanoTime() - before;
            }
            assertTrue(waited < 20 * 20_000_000L, "it looked only when its own time was up: " + waited + " ns");
        }
    }

    @Test
    void shouldNoticeThePublishedCountWithoutBeingWoken() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            pause(20);
            published.set(35);
            VethPair.await(() -> sent(loop, "a") == 3);
        }
    }

    @Test
    void shouldCatchUpWithTheFinalPublishedCountBeforeItStops() {
        InjectLoop loop =
                start(stream("a", new EveryFrames(3, "uplink"), 0, 1), stream("b", new EveryFrames(2, "uplink"), 7, 2));
        published.set(10_000);
        assertTrue(loop.stop(SECOND));
        assertEquals(3333, sent(loop, "a"));
        assertEquals(7, sent(loop, "b"));
    }

    @Test
    void shouldSendFramesOfHandlersFromManyThreadsAndThoseStillQueuedAtTheStop() throws InterruptedException {
        InjectLoop loop = start();
        FrameSender sender = loop.sender();
        CountDownLatch done = new CountDownLatch(3);
        for (int t = 1; t <= 3; t++) {
            byte[] frame = TestFrames.frame(t);
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    sender.send(frame);
                }
                done.countDown();
            });
        }
        done.await();
        assertTrue(loop.stop(SECOND));
        InjectCounts counts = counts(loop, "handlers");
        assertEquals(3000, counts.sent() + counts.failed());
        assertEquals(3000, counts.sent());
        assertEquals(3000, injector.frames.size());
    }

    @Test
    void shouldCopyAFrameThatAHandlerSends() {
        CountDownLatch go = new CountDownLatch(1);
        try (InjectLoop loop = start(stream("a", new Every(Duration.ofMillis(1)), 1, 1))) {
            injector.behaviour = frame -> wait(go);
            VethPair.await(() -> injector.frames.size() == 1);
            byte[] frame = TestFrames.frame(7);
            assertTrue(loop.sender().send(frame));
            Arrays.fill(frame, (byte) 0);
            go.countDown();
            VethPair.await(() -> injector.frames.size() == 2);
        }
        assertEquals(7, TestFrames.mark(injector.frames.get(1)));
    }

    @Test
    void shouldRefuseAndCountFramesOfHandlersThatDoNotFit() {
        CountDownLatch go = new CountDownLatch(1);
        injector.behaviour = frame -> wait(go);
        try (InjectLoop loop = start()) {
            FrameSender sender = loop.sender();
            assertTrue(sender.send(TestFrames.frame(1)));
            VethPair.await(() -> injector.frames.size() == 1);
            for (int i = 0; i < InjectLoop.RING_FRAMES; i++) {
                assertTrue(sender.send(TestFrames.frame(1)));
            }
            assertFalse(sender.send(TestFrames.frame(1)));
            assertFalse(sender.send(TestFrames.frame(1)));
            go.countDown();
            VethPair.await(() -> counts(loop, "handlers").sent() == 1 + InjectLoop.RING_FRAMES);
            assertEquals(Map.of("ring_full", 2L), counts(loop, "handlers").failures());
            assertEquals(2, counts(loop, "handlers").failed());
        }
    }

    @Test
    void shouldRefuseAndCountFramesOfHandlersAfterTheStop() {
        InjectLoop loop = start();
        FrameSender sender = loop.sender();
        assertTrue(loop.stop(SECOND));
        assertFalse(sender.send(TestFrames.frame(1)));
        assertEquals(Map.of("stopped", 1L), counts(loop, "handlers").failures());
    }

    @Test
    void shouldShowFramesOfHandlersOnlyOnceASenderWasGiven() {
        try (InjectLoop loop = start(stream("a", NEVER, 0, 1))) {
            assertEquals(
                    List.of("a"), loop.counts().stream().map(InjectCounts::name).toList());
            loop.sender();
            assertEquals(
                    List.of("a", "handlers"),
                    loop.counts().stream().map(InjectCounts::name).toList());
        }
    }

    @Test
    void shouldShareTheInterfaceInSlicesBetweenStreamsThatAreBehind() {
        published.set(1000);
        try (InjectLoop loop = start(
                stream("a", new EveryFrames(1, "uplink"), 0, 1), stream("b", new EveryFrames(1, "uplink"), 0, 2))) {
            VethPair.await(() -> injector.frames.size() == 2000);
            assertEquals(1000, sent(loop, "b"));
        }
        List<Integer> marks = injector.marks();
        for (int i = 0; i < 960; i++) {
            assertEquals(i / 64 % 2 == 0 ? 1 : 2, marks.get(i), "frame " + i);
        }
    }

    @Test
    void shouldCountEachFailureByItsCauseAndSurviveWhateverAnInjectorThrows() {
        AtomicLong turn = new AtomicLong();
        injector.behaviour = frame -> switch ((int) (turn.getAndIncrement() % 7)) {
            case 0 -> InjectResult.TOO_LONG;
            case 1 -> InjectResult.LINK_DOWN;
            case 2 -> InjectResult.NO_BUFFER;
            case 3 -> InjectResult.OTHER;
            case 4 -> throw new IllegalStateException("on purpose");
            case 5 -> throw new StackOverflowError("on purpose");
            default -> InjectResult.SENT;
        };
        published.set(70);
        InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1));
        assertTrue(loop.stop(SECOND));
        InjectCounts counts = counts(loop, "a");
        assertEquals(10, counts.sent());
        assertEquals(60, counts.failed());
        assertEquals(Map.of("too_long", 10L, "link_down", 10L, "no_buffer", 10L, "other", 30L), counts.failures());
        assertEquals("test0", counts.interfaceName());
    }

    @Test
    void shouldStopInTimeWhenSendsAreSlowAndCountWhatIsLeftAsFailed() {
        injector.behaviour = frame -> {
            pause(20);
            return InjectResult.SENT;
        };
        InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 500, 1));
        FrameSender sender = loop.sender();
        for (int i = 0; i < 50; i++) {
            sender.send(TestFrames.frame(2));
        }
        published.set(1000);
        loop.wake();
        long before = System.nanoTime();
        assertFalse(loop.stop(Duration.ofMillis(200)));
        assertTrue(System.nanoTime() - before < 700_000_000L);
        InjectCounts a = counts(loop, "a");
        InjectCounts handlers = counts(loop, "handlers");
        assertEquals(500, a.sent() + a.failed());
        assertEquals(50, handlers.sent() + handlers.failed());
        assertEquals(injector.frames.size(), a.sent() + handlers.sent());
        assertEquals(1, injector.closed.get());
    }

    @Test
    void shouldStopAtOnceWhenNothingIsDueAndStayStopped() {
        InjectLoop loop = start(stream("a", NEVER, 0, 1));
        pause(20);
        long before = System.nanoTime();
        assertTrue(loop.stop(SECOND));
        assertTrue(loop.stop(SECOND));
        loop.close();
        loop.wake();
        assertTrue(System.nanoTime() - before < 200_000_000L);
        assertEquals(0, injector.frames.size());
        assertEquals(1, injector.closed.get());
    }

    @Test
    void shouldNotUseTheProcessorWhileNothingIsDue() {
        try (InjectLoop loop =
                start(stream("a", NEVER, 0, 1), stream("b", new EveryFrames(1_000_000, "uplink"), 0, 2))) {
            pause(100);
            long before = CpuTime.ofThread("inject-test0");
            long end = System.nanoTime() + SECOND.toNanos();
            while (System.nanoTime() < end) { // a busy capture: some 10,000 batches in this second
                published.incrementAndGet();
                loop.wake();
                LockSupport.parkNanos(10_000);
            }
            long used = CpuTime.ofThread("inject-test0") - before;
            assertTrue(used < 10_000_000, "used " + used + " ns in a second");
            assertEquals(0, sent(loop, "b"));
        }
    }

    @Test
    void shouldRefuseStreamsThatItCannotTellApartOrThatGoElsewhere() {
        InjectConfig a = stream("a", NEVER, 0, 1);
        assertThrows(IllegalArgumentException.class, () -> start(a, a));
        InjectConfig elsewhere = new InjectConfig("b", "test1", NEVER, 0, TestFrames.template(1));
        assertThrows(IllegalArgumentException.class, () -> start(elsewhere));
        assertEquals(0, injector.closed.get());
    }

    @Test
    void shouldRefuseAStreamWhoseFramesAreLongerThanTheMtuAllows() {
        FrameTemplate fits = template("00".repeat(1500));
        FrameTemplate tooLong = template("00".repeat(1501));
        start(new InjectConfig("fits", "test0", NEVER, 0, fits)).close();
        OpenException refused = assertThrows(
                OpenException.class,
                () -> InjectLoop.start(
                        injector, List.of(new InjectConfig("long", "test0", NEVER, 0, tooLong)), publishedOf));
        assertEquals(
                "cannot send inject stream long on test0: its frames of 1515 bytes need an MTU of 1501 bytes, and the"
                        + " interface's is 1500: shorten them, or raise the MTU",
                refused.getMessage());
    }

    private static FrameTemplate template(String payload) {
        return FrameTemplate.of(RecordingInjector.ADDRESS, Optional.empty(), 0x88b5, payload);
    }

    private InjectLoop start(InjectConfig... streams) {
        try {
            return InjectLoop.start(injector, List.of(streams), publishedOf);
        } catch (OpenException e) {
            throw new AssertionError(e);
        }
    }

    private static InjectConfig stream(String name, Schedule schedule, long count, int mark) {
        return new InjectConfig(name, "test0", schedule, count, TestFrames.template(mark));
    }

    private static InjectCounts counts(InjectLoop loop, String name) {
        return loop.counts().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long sent(InjectLoop loop, String name) {
        return counts(loop, name).sent();
    }

    private static InjectResult wait(CountDownLatch latch) {
        try {
            latch.await();
            return InjectResult.SENT;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
