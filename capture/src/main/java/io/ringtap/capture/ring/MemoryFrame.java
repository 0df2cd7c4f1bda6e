package io.ringtap.capture.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import io.ringtap.frame.TunnelPorts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A borrowed view of one frame where it lies, in a slab or in the kernel's ring, moved from frame to frame by the thread that owns
 * it.
 */
final class MemoryFrame implements Frame {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * All memory: a check of the slab's own segment, whether it is still there and where it ends, took twice the time of
     * the read it was for. What is checked in its place is the frame's length, which {@link #end} makes 0.
     */
    private static final MemorySegment MEMORY = FrameSlab.MEMORY;

    private final String captureName;

    /** Where in memory it starts. */
    private long start;

    private int length;
    private int originalLength;
    private long timestampNanos;
    private boolean sieved;

    private final Headers headers;
    private boolean decoded;

    /** The buffer that was last copied to, and its memory: a segment object a call would be garbage a frame. */
    private ByteBuffer lastTarget = ByteBuffer.allocate(0);

    private MemorySegment lastTargetBytes = MemorySegment.ofBuffer(lastTarget);

    MemoryFrame(String captureName, TunnelPorts ports) {
        this.captureName = captureName;
        headers = Headers.over(this, ports);
    }

    /** Becomes a view of another frame: of {@code captured} bytes at an address. */
    void moveTo(long address, int captured, int original, long nanos) {
        start = address;
        length = captured;
        originalLength = original;
        timestampNanos = nanos;
        sieved = false;
        decoded = false;
    }

    /** Becomes a view of the frame of a slot. */
    void moveTo(FrameSlab slab, FrameSlot slot) {
        moveTo(slab.address(slot.position), slot.captured, slot.original, slot.timestampNanos);
    }

    /** A handler says that it need not go on into the ring. */
    void sieve() {
        sieved = true;
    }

    boolean sieved() {
        return sieved;
    }

    /** It is moved no more, and its memory may be another's: who has kept it against the rules finds it empty. */
    void end() {
        length = 0;
        decoded = false;
    }

    /** Returns where its bytes lie in memory. */
    long address() {
        return start;
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
    public Headers headers() {
        if (!decoded) {
            decoded = true;
            headers.decode();
        }
        return headers;
    }

    @Override
    public byte byteAt(int offset) {
        return MEMORY.get(JAVA_BYTE, start + Objects.checkIndex(offset, length));
    }

    @Override
    public int unsignedShortAt(int offset) {
        return Short.toUnsignedInt(MEMORY.get(SHORT, addressOf(offset, Short.BYTES)));
    }

    @Override
    public int intAt(int offset) {
        return MEMORY.get(INT, addressOf(offset, Integer.BYTES));
    }

    @Override
    public long longAt(int offset) {
        return MEMORY.get(LONG, addressOf(offset, Long.BYTES));
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(offset, count, length);
        MemorySegment.copy(MEMORY, JAVA_BYTE, start + offset, target, targetOffset, count);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same memory is meant, not the same content
    public void copyTo(int offset, ByteBuffer target, int targetIndex, int count) {
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(targetIndex, count, target.limit());
        if (target != lastTarget) {
            lastTarget = target;
            lastTargetBytes = MemorySegment.ofBuffer(target.duplicate().clear());
        }
        MemorySegment.copy(MEMORY, start + offset, lastTargetBytes, targetIndex, count);
    }

    /** Returns where in memory {@code count} bytes of it are that a method reads. */
    private long addressOf(int offset, int count) {
        if (offset < 0 || offset > length - count) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + (offset + count - 1L) + " of a frame of " + length + " bytes");
        }
        return start + offset;
    }
}
