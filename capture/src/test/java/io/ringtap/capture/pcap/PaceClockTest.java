package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capture.FramePace;
import org.junit.jupiter.api.Test;

class PaceClockTest {
    /** As nanoTime may be: about to wrap round. */
    private static final long NOW = Long.MAX_VALUE - 3;

    private static final long MINUTE = 60_000_000_000L;

    private static final FileTimes.Ahead NOTHING = _ -> false;

    private final PaceClock original = new PaceClock(new FramePace.Original());

    @Test
    void shouldLetEveryFrameComeAtOnceWithoutAPace() {
        PaceClock clock = new PaceClock(new FramePace.Max());
        assertEquals(5, clock.dueNanos(1_000, 5, NOTHING));
        assertEquals(7, clock.dueNanos(9_000, 7, NOTHING));
    }

    @Test
    void shouldKeepTheDistancesOfTheTimestampsHoweverLateItIsAsked() {
        assertEquals(0, original.dueNanos(1_000, NOW, NOTHING) - NOW);
        assertEquals(20, original.dueNanos(1_020, NOW + 5, NOTHING) - NOW);
        assertEquals(60 * MINUTE, original.dueNanos(1_000 + 60 * MINUTE, NOW + 90, NOTHING) - NOW);
    }

    @Test
    void shouldSendAFrameOutOfOrderWithItsForerunnerAndNotStretchTheTime() {
        assertEquals(0, original.dueNanos(1_000, NOW, NOTHING) - NOW);
        assertEquals(100, original.dueNanos(1_100, NOW, NOTHING) - NOW);
        assertEquals(100, original.dueNanos(1_050, NOW, NOTHING) - NOW);
        assertEquals(200, original.dueNanos(1_200, NOW, NOTHING) - NOW);
        assertEquals(200, original.dueNanos(900, NOW, NOTHING) - NOW);
        assertEquals(300, original.dueNanos(1_300, NOW, NOTHING) - NOW);
    }

    @Test
    void shouldGoOnAtTheSamePaceAfterTheClockWasSetBack() {
        assertEquals(0, original.dueNanos(60 * MINUTE, NOW, NOTHING) - NOW);
        assertEquals(MINUTE, original.dueNanos(61 * MINUTE, NOW, NOTHING) - NOW);
        assertEquals(MINUTE, original.dueNanos(5 * MINUTE, NOW, NOTHING) - NOW);
        assertEquals(2 * MINUTE, original.dueNanos(6 * MINUTE, NOW, NOTHING) - NOW);
    }

    @Test
    void shouldNotOverflowOnTimesThatCannotBe() {
        assertEquals(0, original.dueNanos(Long.MIN_VALUE, 0, NOTHING));
        assertEquals(Long.MAX_VALUE / 2, original.dueNanos(Long.MAX_VALUE, 0, NOTHING));
        assertEquals(Long.MAX_VALUE / 2, original.dueNanos(0, 0, NOTHING));
    }

    @Test
    void shouldSpreadFramesEvenlyAndNeverDrift() {
        PaceClock clock = new PaceClock(new FramePace.Rate(3));
        for (int frame = 0; frame <= 3_000_000; frame++) {
            long due = clock.dueNanos(0, NOW + frame * 100L, NOTHING) - NOW;
            assertEquals(frame * 1_000_000_000L / 3, due);
        }
    }
}
