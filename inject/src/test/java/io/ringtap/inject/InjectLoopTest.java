package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.Schedule.Every;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.Schedule.Rate;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InjectLoopTest extends LoopFixture {
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
    void shouldBeginWhenTheThreadIsReadyAndNotInABurst() {
        injector.preparing = () -> pause(200);
        try (InjectLoop loop = start(stream("a", new Every(Duration.ofMillis(50)), 2, 1))) {
            VethPair.await(() -> sent(loop, "a") == 2);
            long latest = counts(loop, "a")
                    .pace()
                    .orElseThrow()
                    .deviation()
                    .orElseThrow()
                    .maxNanos();
            assertTrue(latest < 100_000_000, "late by " + latest);
        }
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
        InjectConfig elsewhere = InjectConfig.builder("b", "test1", NEVER, TestFrames.template(1))
                .build();
        assertThrows(IllegalArgumentException.class, () -> start(elsewhere));
        assertEquals(0, injector.closed.get());
    }

    @Test
    void shouldRefuseAStreamWhoseFramesAreLongerThanTheMtuAllows() {
        FrameTemplate fits = template("00".repeat(1500));
        FrameTemplate tooLong = template("00".repeat(1501));
        start(InjectConfig.builder("fits", "test0", NEVER, fits).build()).close();
        OpenException refused = assertThrows(
                OpenException.class,
                () -> InjectLoop.start(
                        injector,
                        List.of(InjectConfig.builder("long", "test0", NEVER, tooLong)
                                .build()),
                        publishedOf));
        assertEquals(
                "cannot send stream long on test0: its frames of 1515 bytes need an MTU of 1501 bytes, and the"
                        + " interface's is 1500: shorten them, or raise the MTU",
                refused.getMessage());
    }

    private static FrameTemplate template(String payload) {
        return FrameTemplate.of(RecordingInjector.ADDRESS, Optional.empty(), 0x88b5, payload);
    }
}
