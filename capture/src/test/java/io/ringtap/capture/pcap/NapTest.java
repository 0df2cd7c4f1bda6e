package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class NapTest {
    private static final long MIB = 1 << 20;

    private final Nap nap = new Nap(64 * MIB);

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
        assertFalse(new Nap(2 * MIB).take(1_000), "100 Gbit/s fill 1 MiB in 84 us");
        assertTrue(new Nap(8 * MIB).take(1_000), "and 4 MiB in 336 us");
    }
}
