package io.ringtap.inject.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.RecordingInjector;
import io.ringtap.inject.TestFrames;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.pace.PaceMeter;
import io.ringtap.inject.pace.RateTrigger;
import io.ringtap.inject.pace.Trigger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class StreamRunTest {
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 1_000);
    private static final long MILLI = 1_000_000;
    private static final Schedule THOUSAND = new Schedule.Rate(1_000);

    private final AtomicLong published = new AtomicLong();

    @Test
    void shouldBeOverWithItsCountAtEachStart() {
        StreamRun run = run(stream(THOUSAND).count(5));
        for (int starts = 0; starts < 3; starts++) {
            long start = START + starts * 100L * MILLI;
            run.begin(start);
            assertEquals(3, run.take(64, start + 3 * MILLI));
            assertFalse(run.isOver(start + 3 * MILLI));
            assertEquals(2, run.take(64, start + 50 * MILLI));
            assertTrue(run.isOver(start + 50 * MILLI));
        }
        assertEquals(15, run.taken());
    }

    @Test
    void shouldSendExactlyWhatFallsDueInItsTimeAndEndThen() {
        StreamRun run = run(stream(THOUSAND).duration(Duration.ofMillis(10)));
        run.begin(START);
        assertEquals(9, run.take(64, START + 10 * MILLI - 1));
        assertFalse(run.isOver(START + 10 * MILLI - 1));
        assertEquals(1, run.waitNanos(START + 10 * MILLI - 1));
        assertEquals(1, run.take(64, START + 10 * MILLI)); // due with the end itself
        assertTrue(run.isOver(START + 10 * MILLI));
        assertFalse(run.isDue(START + 20 * MILLI));
    }

    @Test
    void shouldEndWhenItsTimeIsUpThoughItsNextFrameIsFarOff() {
        StreamRun run = run(stream(new Schedule.Every(Duration.ofHours(1))).duration(Duration.ofMillis(10)));
        run.begin(START);
        assertEquals(10 * MILLI, run.waitNanos(START));
        assertFalse(run.isOver(START + 10 * MILLI - 1));
        assertTrue(run.isOver(START + 10 * MILLI));
    }

    @Test
    void shouldStillSendWhatFellDueInItsTimeButNotForLong() {
        StreamRun run = run(stream(THOUSAND).duration(Duration.ofMillis(10)));
        run.begin(START);
        long late = START + 10 * MILLI + StreamRun.GRACE.toNanos();
        assertFalse(run.isOver(late));
        assertTrue(run.isOver(late + 1));
        assertEquals(10, run.take(64, late));
        assertTrue(run.isOver(late));
    }

    @Test
    void shouldEndATopSpeedAndACapturesStreamAtOnceWhenTheirTimeIsUp() {
        StreamRun fast = run(stream(new Schedule.TopSpeed()).duration(Duration.ofMillis(10)));
        fast.begin(START);
        assertEquals(64, fast.take(64, START));
        assertEquals(0, fast.waitNanos(START));
        assertTrue(fast.isOver(START + 10 * MILLI));
        StreamRun counted = run(stream(new Schedule.EveryFrames(10, "uplink")).duration(Duration.ofMillis(10)));
        counted.begin(START);
        published.set(50);
        assertTrue(counted.isOver(START + 10 * MILLI));
        assertEquals(5, counted.take(64, START));
    }

    @Test
    void shouldWaitForItsDelayAtEachStartAndCountAllTimesFromThen() {
        StreamRun run = run(stream(THOUSAND).delay(Duration.ofMillis(7)).duration(Duration.ofMillis(3)));
        for (long start : new long[] {START, START + 50 * MILLI}) {
            run.begin(start);
            assertEquals(7 * MILLI, run.waitNanos(start));
            assertFalse(run.isDue(start + 9 * MILLI)); // nobody has looked yet
            run.look(start + 7 * MILLI + 5);
            assertFalse(run.isDue(start + 8 * MILLI - 1));
            assertTrue(run.isDue(start + 8 * MILLI));
            assertEquals(3, run.take(64, start + 10 * MILLI));
            assertTrue(run.isOver(start + 10 * MILLI));
        }
    }

    @Test
    void shouldLeaveOutWhatACapturePublishedDuringTheDelay() {
        StreamRun run = run(stream(new Schedule.EveryFrames(10, "uplink")).delay(Duration.ofMillis(7)));
        run.begin(START);
        published.set(95);
        assertFalse(run.isDueByCount());
        run.look(START + 7 * MILLI);
        assertFalse(run.isDueByCount());
        published.set(120);
        assertTrue(run.isDueByCount());
        assertEquals(3, run.take(64, START + 7 * MILLI));
    }

    @Test
    void shouldMakeUpForASecondAtMostWhereTheLimitHeldItBackAndStillTellTheRateAsked() {
        StreamRun run = run(stream(THOUSAND));
        run.begin(START);
        long now = START + 10_000 * MILLI;
        run.limitLag(now);
        assertEquals(1_001, run.take(100_000, now)); // those due from a second ago on
        assertEquals(1 * MILLI, run.waitNanos(now));
        run.limitLag(now + 500 * MILLI);
        assertEquals(500, run.take(100_000, now + 500 * MILLI));
        double asked = run.pace().orElseThrow().asked().orElseThrow().framesPerSecond();
        assertEquals(1_000, asked, 1e-6);
    }

    @Test
    void shouldPaceAMixOfLengthsByTheBitsOfEachFrameAcrossRunsAndRates() {
        int[] lengths = {60, 1514};
        StreamRun run = new StreamRun(
                stream(new Schedule.BitRate(8e6)).build(),
                RateTrigger.rate(new Schedule.BitRate(8e6), 1, Optional.empty(), 0, n -> lengths[(int) (n % 2)]),
                n -> lengths[(int) (n % 2)],
                new PaceMeter(() -> 0));
        run.begin(0); // a byte a microsecond
        assertEquals(60_000, run.waitNanos(0));
        assertEquals(1, run.take(64, 60_000));
        assertEquals(1_514_000, run.waitNanos(60_000));
        run.pace(new Schedule.BitRate(16e6), 100_000);
        assertEquals(757_000, run.waitNanos(100_000));
    }

    private InjectConfig.Builder stream(Schedule schedule) {
        return InjectConfig.builder("a", "test0", schedule, TestFrames.template(1));
    }

    private StreamRun run(InjectConfig.Builder stream) {
        InjectConfig config = stream.build();
        try {
            OpenedFrames frames = OpenedFrames.of(config, new RecordingInjector(), System::nanoTime);
            Trigger trigger = frames.trigger(config, Map.<String, LongSupplier>of("uplink", published::get)::get);
            return new StreamRun(config, trigger, frames.lengthOf(), new PaceMeter(() -> 0));
        } catch (OpenException e) {
            throw new AssertionError(e);
        }
    }
}
