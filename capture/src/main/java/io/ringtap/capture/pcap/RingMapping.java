package io.ringtap.capture.pcap;

/**
 * Where a kernel ring is mapped in this process.
 *
 * @param start the address of its first byte
 * @param end the address behind its last byte
 */
record RingMapping(long start, long end) {
    /** The page size of x86-64, and of arm64 as distributions build it. */
    static final int PAGE_BYTES = 4_096;

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
