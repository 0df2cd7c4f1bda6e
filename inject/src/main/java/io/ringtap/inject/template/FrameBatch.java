package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Frames of a stream, several at once, each in a slot of its own, off-heap. A slot that held a frame of the same length
 * before is patched only. Makes no garbage. For one thread at a time.
 */
public final class FrameBatch {
    private static final int ALIGNMENT = 64; // a cache line

    private final CompiledTemplate template;
    private final LongSupplier clockNanos;
    private final CompiledFrame[] held;
    private final ByteBuffer memory;
    private final int start;
    private final int slotBytes;

    /**
     * Slots in memory of one's own.
     *
     * @param clockNanos the time in nanoseconds since 1970; asked for each frame that tells it
     * @param slots how many
     * @param memory in network byte order, which nobody else writes where a frame is
     * @param start where in the memory the first slot's frame begins
     * @param slotBytes how far it is to the next slot's
     */
    public FrameBatch(
            CompiledTemplate template,
            LongSupplier clockNanos,
            int slots,
            ByteBuffer memory,
            int start,
            int slotBytes) {
        this.template = template;
        this.clockNanos = clockNanos;
        this.held = new CompiledFrame[slots];
        this.memory = memory;
        this.start = start;
        this.slotBytes = slotBytes;
    }

    /** Slots as close together as is good. */
    public static FrameBatch of(CompiledTemplate template, LongSupplier clockNanos, int slots) {
        int slotBytes = template.longestBytes() + ALIGNMENT - 1 & -ALIGNMENT;
        ByteBuffer memory =
                ByteBuffer.allocateDirect(slots * slotBytes + ALIGNMENT).alignedSlice(ALIGNMENT);
        return new FrameBatch(template, clockNanos, slots, memory, 0, slotBytes);
    }

    /**
     * Puts a frame into a slot; its send time is now.
     *
     * @param index the frame's number in its stream, from 0
     * @return how long it is
     */
    public int put(int slot, long index) {
        CompiledFrame frame = template.frames().get(template.place(index));
        if (!frame.equals(held[slot])) {
            frame.write(index, time(), memory, offset(slot));
            held[slot] = frame;
        } else if (!frame.isConstant()) {
            frame.patch(index, time(), memory, offset(slot));
        }
        return frame.length();
    }

    private long time() {
        return template.isTimed() ? clockNanos.getAsLong() : 0;
    }

    /** Returns where the slots lie: always the same object, off-heap. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns where in the memory a slot's frame begins; always the same. */
    public int offset(int slot) {
        return start + slot * slotBytes;
    }
}
