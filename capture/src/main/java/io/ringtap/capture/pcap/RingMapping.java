package io.ringtap.capture.pcap;

import io.ringtap.capture.RingArithmetic;

/**
 * Where a kernel ring is mapped in this process.
 *
 * @param start the address of its first byte
 * @param end the address behind its last byte
 */
record RingMapping(long start, long end) {
    static final int PAGE_BYTES = RingArithmetic.PAGE_BYTES;

    long bytes() {
        return end - start;
    }

    /** {@code 7f0000000000-7f0004000000 rw-s …}, a line of /proc/self/maps. */
    static RingMapping parse(String line) {
        int dash = line.indexOf('-');
        int space = line.indexOf(' ');
        return new RingMapping(
                Long.parseUnsignedLong(line, 0, dash, 16), Long.parseUnsignedLong(line, dash + 1, space, 16));
    }
}
