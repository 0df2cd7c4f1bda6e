package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule.Every;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.config.Schedule.Rate;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InjectLoopTest extends LoopFixture {
    @Test
    void shouldSendATimedStreamsFramesUntilItsCountIsReached() {
        InjectLoop loop = start(stream("a", new Every(MILLI), 5, 1));
        time.let(Duration.ofMillis(4));
        assertEquals(4, sent(loop, "a"));
        time.let(Duration.ofMillis(50));
        assertEquals(List.of(1, 1, 1, 1, 1), injector.marks());
        assertTrue(loop.stop(HANG));
        assertEquals(Set.of("inject-test0"), Set.copyOf(injector.threads));
        assertEquals(1, injector.closed.get());
    }

    @Test
    void shouldSendEachFrameAtItsDeadline() {
        List<Duration> sentAt = new ArrayList<>();
        injector.behaviour = _ -> {
            sentAt.add(time.passed());
            return InjectResult.SENT;
        };
        try (InjectLoop _ = start(stream("a", new Rate(2000), 1000, 1))) {
            time.let(Duration.ofSeconds(1));
            assertEquals(
                    IntStream.rangeClosed(1, 1000)
                            .mapToObj(n -> Duration.ofNanos(n * 500_000L))
                            .toList(),
                    sentAt);
        }
    }

    @Test
    void shouldSendNoFrameBeforeItsDeadlineByTheMachinesClock() {
        long[] atNanos = new long[200];
        AtomicLong n = new AtomicLong();
        injector.behaviour = frame -> {
            atNanos[(int) n.getAndIncrement()] = System.nanoTime();
            return InjectResult.SENT;
        };
        long before = System.nanoTime();
        try (InjectLoop loop = startInRealTime(stream("a", new Rate(2000), atNanos.length, 1))) {
            VethPair.await(() -> sent(loop, "a") == atNanos.length);
        }
        for (int i = 0; i < atNanos.length; i++) {
            assertTrue(atNanos[i] - before >= (i + 1) * 500_000L, "frame " + (i + 1) + " came too early");
        }
    }

    @Test
    void shouldBeginWhenTheThreadIsReadyAndNotInABurst() {
        injector.preparing = () -> time.take(Duration.ofMillis(200));
        try (InjectLoop loop = start(stream("a", new Every(Duration.ofMillis(50)), 2, 1))) {
            time.settle();
            time.let(Duration.ofMillis(50).minus(NANO));
            assertEquals(0, sent(loop, "a"));
            time.let(Duration.ofMillis(50));
            assertEquals(1, sent(loop, "a"));
            time.let(NANO);
            assertEquals(2, sent(loop, "a"));
            assertEquals(
                    0,
                    counts(loop, "a")
                            .pace()
                            .orElseThrow()
                            .deviation()
                            .orElseThrow()
                            .maxNanos());
        }
    }

    @Test
    void shouldSendWhatFellDueWhileASendWasStuck() {
        injector.behaviour = _ -> {
            time.take(Duration.ofMillis(injector.frames.size() == 1 ? 300 : 0));
            return InjectResult.SENT;
        };
        try (InjectLoop loop = start(stream("a", new Rate(1000), 400, 1))) {
            time.let(MILLI);
            assertEquals(Duration.ofMillis(301), time.passed());
            assertEquals(301, sent(loop, "a"));
            time.let(Duration.ofMillis(98));
            assertEquals(399, sent(loop, "a"));
        }
    }

    @Test
    void shouldSendExactlyOneFrameForEachMultipleOfThePublishedCount() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(100, "uplink"), 0, 1))) {
            for (int i = 0; i < 12_345; i++) {
                published.incrementAndGet();
                loop.wake();
            }
            time.settle();
            assertEquals(123, sent(loop, "a"));
            publish(loop, 12_399);
            time.let(Duration.ofSeconds(1));
            assertEquals(123, sent(loop, "a"));
            publish(loop, 12_400);
            assertEquals(124, sent(loop, "a"));
            assertEquals(124, injector.frames.size());
        }
    }

    @Test
    void shouldSendAtOnceWhenItIsWokenForAFrameThatFellDue() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            for (int i = 1; i <= 20; i++) {
                publish(loop, 10L * i);
                assertEquals(i, sent(loop, "a"));
            }
            assertEquals(Duration.ZERO, time.passed());
        }
    }

    @Test
    void shouldNoticeThePublishedCountWithoutBeingWoken() {
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            time.settle();
            published.set(35);
            time.let(Duration.ofMillis(100));
            assertEquals(3, sent(loop, "a"));
        }
    }

    @Test
    void shouldShareTheInterfaceInSlicesBetweenStreamsThatAreBehind() {
        published.set(1000);
        try (InjectLoop loop = start(
                stream("a", new EveryFrames(1, "uplink"), 0, 1), stream("b", new EveryFrames(1, "uplink"), 0, 2))) {
            time.settle();
            assertEquals(1000, sent(loop, "a"));
            assertEquals(1000, sent(loop, "b"));
        }
        List<Integer> marks = injector.marks();
        for (int i = 0; i < 960; i++) {
            assertEquals(i / 64 % 2 == 0 ? 1 : 2, marks.get(i), "frame " + i);
        }
    }

    @Test
    void shouldSleepOnWhileNothingIsDueHoweverOftenACapturePublishes() {
        try (InjectLoop loop =
                start(stream("a", NEVER, 0, 1), stream("b", new EveryFrames(1_000_000, "uplink"), 0, 2))) {
            time.settle();
            long before = time.sleeps();
            for (int batch = 0; batch < 10_000; batch++) {
                published.incrementAndGet();
                loop.wake();
                if (batch % 100 == 99) {
                    time.let(Duration.ofMillis(10));
                }
            }
            assertEquals(10, time.sleeps() - before); // it looks at the count ten times in that second
            assertEquals(0, sent(loop, "b"));
        }
    }

    /** A sleep can end for no reason, but not often; a loop that does not sleep makes many thousands of turns. */
    @Test
    void shouldMakeNextToNoTurnsInTheTimeOfTheMachineWhileNothingIsDue() {
        try (InjectLoop loop = startInRealTime(stream("a", NEVER, 0, 1))) {
            VethPair.await(() -> !loop.progress().busy());
            long before = System.nanoTime();
            long turns = loop.progress().position();
            VethPair.await(() -> loop.progress().position() >= turns + 4); // two before each look at the link
            assertTrue(System.nanoTime() - before >= 300_000_000, "the looks are half a second apart");
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
