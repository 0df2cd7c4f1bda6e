package io.ringtap.capture.pcap;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sleeps in place of poll(2) while blocks come so fast that it would wake for each: reading several at a time saves most
 * of the switches between the capture thread, the workers and idleness. Owned by the capture thread.
 */
final class CoalescingSleep {
    /** Longer naps save no more switches worth the name. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /** Below this, the kernel's timer is too coarse (timerslack, 50 µs) to be worth it. */
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** 100 Gbit/s: no link that a nap must be short enough for is faster. */
    private static final double BYTES_A_NANO = 12.5;

    /** What may fill up meanwhile. */
    private static final double PART_OF_RING = 0.5;

    private final long nanos;
    private final LongSupplier nanoTime;
    private final LongConsumer park;
    private long blocks;
    private long before;

    /**
     * For a ring of so many bytes: one that 100 Gbit/s could half fill during the shortest nap gets none. Frames wait at most
     * the block timeout longer, and only where a block fills in half of it.
     */
    CoalescingSleep(long ringBytes, Duration blockTimeout) {
        this(ringBytes, blockTimeout, System::nanoTime, LockSupport::parkNanos);
    }

    /** As above, with a clock of its own and what lets time pass by it. */
    CoalescingSleep(long ringBytes, Duration blockTimeout, LongSupplier nanoTime, LongConsumer park) {
        this.nanoTime = nanoTime;
        this.park = park;
        before = nanoTime.getAsLong();
        long bearable = Math.min(blockTimeout.toNanos(), (long) (ringBytes * PART_OF_RING / BYTES_A_NANO));
        nanos = bearable < SHORTEST_NANOS ? 0 : Math.min(bearable, LONGEST_NANOS);
    }

    /**
     * Sleeps if two blocks or more can be expected to come meanwhile.
     *
     * @param blocksRead blocks read so far, of which everything that there was has been read
     * @return whether it has slept
     */
    boolean take(long blocksRead) {
        long now = nanoTime.getAsLong();
        boolean due = (blocksRead - blocks) * nanos >= 2 * (now - before);
        blocks = blocksRead;
        before = now;
        if (due && nanos > 0) {
            park.accept(nanos);
            return true;
        }
        return false;
    }
}
