package io.ringtap.capture.ring.spill;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Memory that holds whole frames, one record behind the other, as a segment does:
 *
 * <pre>
 * bytes   0  CRC-32C of what follows, the frame's bytes included
 *         4  captured bytes
 *         8  bytes on the wire
 *        12  0
 *        16  time stamp, nanoseconds since 1970
 *        24  the frame, and zeros up to a multiple of 8
 * </pre>
 *
 * <p>Numbers are little-endian. The flow hash is not written: it is made of the frame's bytes, before and after. For one thread
 * at a time.
 */
final class SpillChunk {
    static final int HEADER_BYTES = 24;

    private static final int CAPTURED = 4;
    private static final int ORIGINAL = 8;
    private static final int ZERO = 12;
    private static final int TIME = 16;

    /** No frame is longer: 256 KiB, and some. */
    private static final int MOST_CAPTURED = 1 << 20;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final MemorySegment bytes;
    private final long address;
    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();

    /** Where the next record goes. */
    private int filled;

    private int frames;

    /** Where the first record is that is still here. */
    private int from;

    SpillChunk(int size, Arena arena) {
        bytes = arena.allocate(size, Long.BYTES);
        address = bytes.address();
        buffer = bytes.asByteBuffer();
    }

    /** Bytes that a frame takes. */
    static int recordBytes(int captured) {
        return HEADER_BYTES + captured + Long.BYTES - 1 & -Long.BYTES;
    }

    boolean hasRoomFor(int recordBytes) {
        return filled + recordBytes <= bytes.byteSize();
    }

    /** Appends a frame that it has room for, from an address; {@link #seal} makes it whole. */
    void put(long source, int captured, int original, long timestampNanos) {
        long record = address + filled;
        int length = recordBytes(captured);
        MEMORY.set(LONG, record + length - Long.BYTES, 0);
        MEMORY.set(INT, record + CAPTURED, captured);
        MEMORY.set(INT, record + ORIGINAL, original);
        MEMORY.set(INT, record + ZERO, 0);
        MEMORY.set(LONG, record + TIME, timestampNanos);
        MemorySegment.copy(MEMORY, JAVA_BYTE, source, MEMORY, JAVA_BYTE, record + HEADER_BYTES, captured);
        filled += length;
        frames++;
    }

    /** Puts in the records' check sums. */
    void seal() {
        for (int record = from; record < filled; record += lengthAt(record)) {
            MEMORY.set(INT, address + record, crcAt(record));
        }
    }

    private int crcAt(int record) {
        crc.reset();
        crc.update(buffer.limit(record + HEADER_BYTES + capturedAt(record)).position(record + CAPTURED));
        buffer.clear();
        return (int) crc.getValue();
    }

    /** Returns whether a whole record is at a place, with the check sum that it was written with. */
    boolean isWholeAt(int record) {
        if (record + HEADER_BYTES > filled) {
            return false;
        }
        int captured = capturedAt(record);
        return captured >= 0
                && captured <= MOST_CAPTURED
                && record + recordBytes(captured) <= filled
                && MEMORY.get(INT, address + record) == crcAt(record);
    }

    /** Bytes of the record at a place. */
    int lengthAt(int record) {
        return recordBytes(capturedAt(record));
    }

    int capturedAt(int record) {
        return MEMORY.get(INT, address + record + CAPTURED);
    }

    int originalAt(int record) {
        return MEMORY.get(INT, address + record + ORIGINAL);
    }

    long timestampNanosAt(int record) {
        return MEMORY.get(LONG, address + record + TIME);
    }

    /** Returns where in memory the frame of a record is. */
    long frameAt(int record) {
        return address + record + HEADER_BYTES;
    }

    int from() {
        return from;
    }

    int filled() {
        return filled;
    }

    /** Frames that are still here. */
    int frames() {
        return frames;
    }

    /** Nothing before a place is needed any more: so many frames. */
    void leave(int place, int framesBefore) {
        from = place;
        frames -= framesBefore;
    }

    /** What is still here, to be written. */
    ByteBuffer content() {
        return bytes.asSlice(from, filled - from).asByteBuffer();
    }

    /** Its memory, to be read into; {@link #readTo} says how far it was. */
    ByteBuffer space() {
        return buffer.clear();
    }

    void readTo(int end) {
        from = 0;
        filled = end;
    }

    void clear() {
        filled = 0;
        from = 0;
        frames = 0;
    }
}
