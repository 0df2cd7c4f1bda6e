package io.ringtap.inject.mmsg;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An array of {@code struct mmsghdr}, each with one {@code struct iovec}, of a 64-bit Linux. */
final class Messages {
    private static final int MMSGHDR_BYTES = 64;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int IOVEC_BYTES = 16;
    private static final int IOV_LEN = 8;

    private final MemorySegment headers;
    private final MemorySegment vectors;

    Messages(int count) {
        headers = Arena.ofAuto().allocate((long) count * MMSGHDR_BYTES, Long.BYTES);
        vectors = Arena.ofAuto().allocate((long) count * IOVEC_BYTES, Long.BYTES);
        for (int i = 0; i < count; i++) {
            headers.set(JAVA_LONG, (long) i * MMSGHDR_BYTES + MSG_IOV, vectors.address() + (long) i * IOVEC_BYTES);
            headers.set(JAVA_LONG, (long) i * MMSGHDR_BYTES + MSG_IOVLEN, 1);
        }
    }

    /** Says where a message lies. */
    void place(int message, long address) {
        vectors.set(JAVA_LONG, (long) message * IOVEC_BYTES, address);
    }

    /** Says how long a message is. */
    void length(int message, int bytes) {
        vectors.set(JAVA_LONG, (long) message * IOVEC_BYTES + IOV_LEN, bytes);
    }

    /** Returns how long a message is. */
    int length(int message) {
        return (int) vectors.get(JAVA_LONG, (long) message * IOVEC_BYTES + IOV_LEN);
    }

    /** Returns where a message's header lies; the next ones follow it. */
    long address(int message) {
        return headers.address() + (long) message * MMSGHDR_BYTES;
    }
}
