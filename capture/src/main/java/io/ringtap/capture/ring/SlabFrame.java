package io.ringtap.capture.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A borrowed view of one frame in a slab, moved from frame to frame by the worker thread that owns it. */
final class SlabFrame implements Frame {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final FrameSlab slab;
    private final MemorySegment bytes;

    /** The same bytes, for copies from buffer to buffer: a segment object a call would be garbage a frame. */
    private final ByteBuffer buffer;

    private final String captureName;

    private long start;
    private int length;
    private int originalLength;
    private long timestampNanos;

    SlabFrame(FrameSlab slab, String captureName) {
        this.slab = slab;
        this.captureName = captureName;
        bytes = slab.bytes();
        buffer = bytes.asByteBuffer();
    }

    void moveTo(FrameSlot slot) {
        start = slab.offset(slot.position);
        length = slot.captured;
        originalLength = slot.original;
        timestampNanos = slot.timestampNanos;
    }

    /** Where its bytes lie in memory. */
    long address() {
        return bytes.address() + start;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int originalLength() {
        return originalLength;
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public String captureName() {
        return captureName;
    }

    @Override
    public byte byteAt(int offset) {
        return bytes.get(JAVA_BYTE, start + Objects.checkIndex(offset, length));
    }

    @Override
    public int unsignedShortAt(int offset) {
        return Short.toUnsignedInt(bytes.get(SHORT, start + Objects.checkFromIndexSize(offset, 2, length)));
    }

    @Override
    public int intAt(int offset) {
        return bytes.get(INT, start + Objects.checkFromIndexSize(offset, 4, length));
    }

    @Override
    public long longAt(int offset) {
        return bytes.get(LONG, start + Objects.checkFromIndexSize(offset, 8, length));
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(offset, count, length);
        MemorySegment.copy(bytes, JAVA_BYTE, start + offset, target, targetOffset, count);
    }

    @Override
    public void copyTo(int offset, ByteBuffer target, int targetIndex, int count) {
        Objects.checkFromIndexSize(offset, count, length);
        target.put(targetIndex, buffer, (int) start + offset, count);
    }
}
