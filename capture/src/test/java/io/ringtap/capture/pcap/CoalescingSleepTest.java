package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testclock.StandingClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CoalescingSleepTest {
    private static final long MIB = 1 << 20;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final Duration TIMEOUT = Duration.ofMillis(10);

    private final StandingClock clock = new StandingClock();
    private final CoalescingSleep nap = nap(128 * MIB, TIMEOUT);

    private CoalescingSleep nap(long ringBytes, Duration blockTimeout) {
        return new CoalescingSleep(ringBytes, blockTimeout, clock::nanoTime, clock::park);
    }

    @Test
    void shouldSleepWhileBlocksComeFasterThanTwoANap() {
        assertTrue(nap.take(1_000), "1,000 blocks in no time");
        assertEquals(LONGEST_NANOS, clock.slept());
        assertTrue(nap.take(1_002), "two in the time of a nap");
        assertEquals(2 * LONGEST_NANOS, clock.slept());
    }

    @Test
    void shouldWaitForTheNextBlockInsteadWhereBlocksAreSlow() {
        nap.take(1_000);
        assertFalse(nap.take(1_000), "no block since");
        clock.pass(LONGEST_NANOS + 1);
        assertFalse(nap.take(1_002), "two blocks in longer than a nap");
        clock.pass(LONGEST_NANOS / 2);
        assertTrue(nap.take(1_003), "a block in half of one");
    }

    @Test
    void shouldNotSleepWhereAFastLinkCouldFillHalfTheRingMeanwhile() {
        assertFalse(nap(2 * MIB, TIMEOUT).take(1_000), "100 Gbit/s fill 1 MiB in 84 us");
        assertTrue(nap(8 * MIB, TIMEOUT).take(1_000), "and 4 MiB in 336 us");
        assertEquals(335_544, clock.slept());
    }

    @Test
    void shouldNotSleepLongerThanABlockMayTake() {
        CoalescingSleep nap = nap(64 * MIB, Duration.ofMillis(1));
        nap.take(1_000);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(1), clock.slept());
        clock.pass(TimeUnit.MILLISECONDS.toNanos(19));
        assertFalse(nap.take(1_020), "a block a millisecond: none but the next may come in the time of a nap");
        assertFalse(nap(64 * MIB, Duration.ofNanos(100_000)).take(1_000), "too short to be worth it");
    }
}
