package io.ringtap.capture.ring.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.FrameSink;
import io.ringtap.ledger.Counter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A queue of frames from one thread to another that never makes the first one wait: a frame that does not fit is shed, and counted.
 * It holds pcapng's enhanced packet blocks, so that the second thread has only to write them.
 *
 * <pre>{@code
 * memory: block | block | … | mark, or nothing | …   around and around; a block lies in one piece
 *         ▲ taken                                ▲ put
 * }</pre>
 *
 * <p>{@link #onFrame} is for the first thread, counts are for any, the rest for the second.
 */
public final class TapQueue implements FrameSink, AutoCloseable {
    /** Bytes of a block of this size at most: for a frame of the largest snaplen there may be. */
    public static final int MOST_BLOCK_BYTES = 262_144 + 64;

    private static final int ENHANCED_PACKET = 6;

    /** In place of a block's type: the next one lies at the beginning. */
    private static final int AT_THE_BEGINNING = 0;

    // pcapng, section 4.3: offsets in a block
    private static final int TOTAL_LENGTH = 4;
    private static final int INTERFACE = 8;
    private static final int TIME_HIGH = 12;
    private static final int TIME_LOW = 16;
    private static final int CAPTURED = 20;
    private static final int ORIGINAL = 24;
    private static final int FRAME = 28;

    /** The total length once more. */
    private static final int BEHIND = 4;

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final Optional<FrameFilter> filter;
    private final int snaplenBytes;
    private final int interfaceId;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final ByteBuffer view; // of it: a segment over the target would be garbage for each frame
    private final long size;

    /** Bytes put and taken since the beginning, what was left out before the memory's end included; each has one writer. */
    private final Counter put = new Counter();

    private final Counter taken = new Counter();

    private final Counter queued = new Counter();
    private final Counter shed = new Counter();

    /** What the first thread last knew to be taken. */
    private long knownTaken;

    /**
     * An empty queue.
     *
     * @param filter which frames are put into it; closed by whoever made it, after the queue
     * @param snaplenBytes what is put of a frame at most
     * @param interfaceId which of the section's interfaces its frames are of
     * @param bytes how much it holds, a power of two, 1 MiB at least
     * @throws OutOfMemoryError if there is none for it
     */
    public TapQueue(Optional<FrameFilter> filter, int snaplenBytes, int interfaceId, long bytes) {
        if (Long.bitCount(bytes) != 1 || bytes < 2L * MOST_BLOCK_BYTES) {
            throw new IllegalArgumentException("a queue of " + bytes + " bytes");
        }
        this.filter = filter;
        this.snaplenBytes = snaplenBytes;
        this.interfaceId = interfaceId;
        size = bytes;
        memory = arena.allocate(bytes, Long.BYTES);
        view = memory.asByteBuffer();
    }

    /** Takes a copy of a frame that the filter lets pass, if there is room. Always true: nobody is to wait for it. */
    @Override
    public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        if (filter.isPresent() && !filter.get().matches(address, capturedBytes, originalBytes)) {
            return true;
        }
        int length = Math.min(capturedBytes, snaplenBytes);
        int total = FRAME + (length + 3 & ~3) + BEHIND;
        long before = put.value();
        long offset = before & size - 1;
        long start = offset + total <= size ? before : before + size - offset;
        if (!hasRoomUntil(start + total)) {
            shed.add(1);
            return true;
        }
        if (start != before) {
            memory.set(JAVA_INT, offset, AT_THE_BEGINNING);
        }
        write(start & size - 1, address, length, total, originalBytes, timestampNanos);
        queued.add(1);
        put.add(start + total - before); // makes it known
        return true;
    }

    private boolean hasRoomUntil(long end) {
        if (end - knownTaken > size) {
            knownTaken = taken.value();
        }
        return end - knownTaken <= size;
    }

    private void write(long at, long address, int length, int total, int original, long nanos) {
        memory.set(JAVA_INT, at + total - BEHIND - 4, 0); // the padding; what is none comes over it
        memory.set(JAVA_INT, at, ENHANCED_PACKET);
        memory.set(JAVA_INT, at + TOTAL_LENGTH, total);
        memory.set(JAVA_INT, at + INTERFACE, interfaceId);
        memory.set(JAVA_INT, at + TIME_HIGH, (int) (nanos >>> 32));
        memory.set(JAVA_INT, at + TIME_LOW, (int) nanos);
        memory.set(JAVA_INT, at + CAPTURED, length);
        memory.set(JAVA_INT, at + ORIGINAL, original);
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, memory, JAVA_BYTE, at + FRAME, length);
        memory.set(JAVA_INT, at + total - BEHIND, total);
    }

    @Override
    public void flush() {}

    /** The time of the frame that is next, nanoseconds since 1970; {@link Long#MAX_VALUE} if there is none. */
    public long nextNanos() {
        if (!skipToNext()) {
            return Long.MAX_VALUE;
        }
        long at = taken.value() & size - 1;
        return (long) memory.get(JAVA_INT, at + TIME_HIGH) << 32
                | Integer.toUnsignedLong(memory.get(JAVA_INT, at + TIME_LOW));
    }

    /** Moves the next frame's block into a buffer; false if it has no room for it. There must be one. */
    public boolean moveTo(ByteBuffer target) {
        long at = taken.value() & size - 1;
        int total = memory.get(JAVA_INT, at + TOTAL_LENGTH);
        if (total > target.remaining()) {
            return false;
        }
        target.put(target.position(), view, (int) at, total).position(target.position() + total);
        taken.add(total);
        return true;
    }

    private boolean skipToNext() {
        if (taken.value() == put.value()) {
            return false;
        }
        long at = taken.value() & size - 1;
        if (memory.get(JAVA_INT, at) == AT_THE_BEGINNING) {
            taken.add(size - at); // what was put after is there by now: the two were made known together
        }
        return true;
    }

    /** Frames that were put into it. */
    public long queued() {
        return queued.value();
    }

    /** Frames that there was no room for. */
    public long shed() {
        return shed.value();
    }

    /** Bytes of memory that it has. */
    public long bytes() {
        return size;
    }

    /** Releases it; only when no thread puts frames into it any more. */
    @Override
    public void close() {
        arena.close();
    }
}
