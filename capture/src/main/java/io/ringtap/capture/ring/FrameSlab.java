package io.ringtap.capture.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Off-heap memory that frames are packed into, one behind the other, around and around. A frame lies in one piece: where
 * it would not fit before the end, it starts at the beginning. Written by the capture thread alone.
 */
final class FrameSlab {
    /** Frames start at multiples of this, so that a read of a header field rarely crosses a cache line. */
    private static final int ALIGNMENT = 8;

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final MemorySegment bytes;
    private final long size;
    private final long mask;

    private long head;
    private long tail;

    /** A slab of {@code size} bytes, a power of two. */
    FrameSlab(long size, Arena arena) {
        if (Long.bitCount(size) != 1) {
            throw new IllegalArgumentException("a slab's size must be a power of two, not " + size);
        }
        bytes = arena.allocate(size, 4_096);
        this.size = size;
        mask = size - 1;
    }

    MemorySegment bytes() {
        return bytes;
    }

    long offset(long position) {
        return position & mask;
    }

    /** Where the next frame of a length would go. */
    private long place(int length) {
        long offset = head & mask;
        return offset + length <= size ? head : head + size - offset;
    }

    /** Whether a frame of a length can be written now. */
    boolean hasRoom(int length) {
        return place(length) + length - tail <= size || (head == tail && length <= size);
    }

    /** Copies a frame in and returns its position; there must be room. */
    long write(long address, int length) {
        long position = place(length);
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, bytes, JAVA_BYTE, position & mask, length);
        head = position + (length + ALIGNMENT - 1 & -ALIGNMENT);
        return position;
    }

    /** Everything before a position is no longer needed. */
    void releaseUntil(long position) {
        tail = position;
    }

    /** Nothing is needed any more. */
    void releaseAll() {
        tail = head;
    }
}
