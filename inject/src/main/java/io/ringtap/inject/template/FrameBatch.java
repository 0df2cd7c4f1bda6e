package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The next frames of a stream, several at once, each in a slot of its own, off-heap. A slot that held a frame of the same
 * length before is patched only. Makes no garbage. For one thread at a time.
 */
public final class FrameBatch {
    private static final int ALIGNMENT = 64; // a cache line

    private final CompiledTemplate template;
    private final LongSupplier clockNanos;
    private final CompiledFrame[] held;
    private final int slotBytes;
    private final ByteBuffer memory;
    private long next;

    /**
     * A batch of a template's frames.
     *
     * @param clockNanos the time in nanoseconds since 1970; asked for each frame that tells it
     * @param slots how many frames there is room for
     */
    public FrameBatch(CompiledTemplate template, LongSupplier clockNanos, int slots) {
        this.template = template;
        this.clockNanos = clockNanos;
        this.held = new CompiledFrame[slots];
        this.slotBytes = template.longestBytes() + ALIGNMENT - 1 & -ALIGNMENT;
        this.memory = ByteBuffer.allocateDirect(slots * slotBytes + ALIGNMENT).alignedSlice(ALIGNMENT);
    }

    /** Puts the stream's next frames into the slots, from the first one on. */
    public void fill(int frames) {
        for (int slot = 0; slot < frames; slot++) {
            CompiledFrame frame = template.frames().get(template.place(next));
            if (!frame.equals(held[slot])) {
                frame.write(next, time(), memory, offset(slot));
                held[slot] = frame;
            } else if (!frame.isConstant()) {
                frame.patch(next, time(), memory, offset(slot));
            }
            next++;
        }
    }

    /** Leaves out the stream's next frames. */
    public void skip(int frames) {
        next += frames;
    }

    private long time() {
        return template.isTimed() ? clockNanos.getAsLong() : 0;
    }

    /** Where the slots lie: always the same object, off-heap. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Where in the memory a slot begins; always the same. */
    public int offset(int slot) {
        return slot * slotBytes;
    }

    /** How long the frame in a slot is. */
    public int length(int slot) {
        return held[slot].length();
    }
}
