package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class NapTest {
    private static final long MIB = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofMillis(10);

    private final Nap nap = new Nap(64 * MIB, TIMEOUT);

    @Test
    void shouldSleepWhileBlocksComeFasterThanTwoANap() {
        assertTrue(nap.take(1_000), "1,000 blocks in no time");
        assertTrue(nap.take(2_000));
    }

    @Test
    void shouldWaitForTheNextBlockInsteadWhereBlocksAreSlow() {
        nap.take(1_000);
        assertFalse(nap.take(1_000), "no block since");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        assertFalse(nap.take(1_001), "a block in 20 ms");
        assertFalse(nap.take(1_001));
    }

    @Test
    void shouldNotSleepWhereAFastLinkCouldFillHalfTheRingMeanwhile() {
        assertFalse(new Nap(2 * MIB, TIMEOUT).take(1_000), "100 Gbit/s fill 1 MiB in 84 us");
        assertTrue(new Nap(8 * MIB, TIMEOUT).take(1_000), "and 4 MiB in 336 us");
    }

    @Test
    void shouldNotSleepLongerThanABlockMayTake() {
        Nap nap = new Nap(64 * MIB, Duration.ofMillis(1));
        nap.take(1_000);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        assertFalse(nap.take(1_020), "a block a millisecond: none but the next may come in the time of a nap");
        assertFalse(new Nap(64 * MIB, Duration.ofNanos(100_000)).take(1_000), "too short to be worth it");
    }
}
