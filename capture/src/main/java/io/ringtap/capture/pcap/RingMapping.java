package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringtap.capture.RingArithmetic;
import java.lang.invoke.VarHandle;

/**
 * The addresses of a kernel ring that is mapped in this process.
 *
 * @param start the address of its first byte
 * @param end the address behind its last byte
 */
record RingMapping(long start, long end) {
    private static final VarHandle INT = JAVA_INT.varHandle();

    /** Enough for a share to the percent; a look costs a cache miss. */
    private static final long MOST_LOOKS = 1_024;

    static final int PAGE_BYTES = RingArithmetic.PAGE_BYTES;

    long bytes() {
        return end - start;
    }

    /**
     * The share of the ring's blocks that the kernel has filled and nobody has given back, from 0 to 1; any thread, while
     * it is mapped.
     *
     * @param statusOffset where a block's, or its first slot's, status lies; 0 there means it is the kernel's
     */
    double fill(long blockBytes, long statusOffset) {
        long step = Math.max(1, bytes() / blockBytes / MOST_LOOKS) * blockBytes;
        long looks = 0;
        long filled = 0;
        for (long block = start; block < end; block += step) {
            looks++;
            filled += (int) INT.getAcquire(Libpcap.MEMORY, block + statusOffset) == 0 ? 0 : 1;
        }
        return (double) filled / looks;
    }

    /** {@code 7f0000000000-7f0004000000 rw-s …}, a line of /proc/self/maps. */
    static RingMapping parse(String line) {
        int dash = line.indexOf('-');
        int space = line.indexOf(' ');
        return new RingMapping(
                Long.parseUnsignedLong(line, 0, dash, 16), Long.parseUnsignedLong(line, dash + 1, space, 16));
    }
}
