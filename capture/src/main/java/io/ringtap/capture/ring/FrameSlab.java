package io.ringtap.capture.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.capture.CaptureConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Off-heap memory that frames are packed into, one behind the other, around and around. A frame lies in one piece: where
 * it would not fit before the end, it starts at the beginning. Written by one thread alone: the
 * capture thread or, for the queue of a detached worker, the feed.
 */
final class FrameSlab {
    /** Frames start at multiples of this, so that a read of a header field rarely crosses a cache line. */
    private static final int ALIGNMENT = 8;

    /**
     * Behind the end: a handler that keeps a frame and reads it on another thread may see one frame's start and another's
     * length, and is to read nonsense then, not to end the process.
     */
    private static final int BEHIND = CaptureConfig.MAX_SNAPLEN_BYTES;

    /** What {@link #write} returns when there is no room. */
    static final long NO_ROOM = -1;

    /** All memory, addressed as the processor does. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final MemorySegment bytes;
    private final long address;
    private final long size;
    private final long mask;

    private long head;
    private long tail;

    /** A slab of {@code size} bytes, a power of two. */
    FrameSlab(long size, Arena arena) {
        if (Long.bitCount(size) != 1) {
            throw new IllegalArgumentException("a slab's size must be a power of two, not " + size);
        }
        bytes = arena.allocate(size + BEHIND, 4_096).asSlice(0, size);
        address = bytes.address();
        this.size = size;
        mask = size - 1;
    }

    MemorySegment bytes() {
        return bytes;
    }

    /** Returns where in memory a position is. */
    long address(long position) {
        return address + (position & mask);
    }

    /** Copies a frame in from an address and returns its position; {@link #NO_ROOM} if there is none now. */
    long write(long source, int length) {
        long offset = head & mask;
        long position = offset + length <= size ? head : head + size - offset;
        if (position + length - tail > size && (head != tail || length > size)) {
            return NO_ROOM;
        }
        MemorySegment.copy(MEMORY, JAVA_BYTE, source, MEMORY, JAVA_BYTE, address + (position & mask), length);
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
