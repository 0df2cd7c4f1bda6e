package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The frames of a stream, one after another, off-heap: each is patched in place, where an engine takes it from. Makes no
 * garbage. For one thread at a time.
 */
public final class StreamFrames {
    private static final int ALIGNMENT = 64; // a cache line

    private final CompiledTemplate template;
    private final LongSupplier clockNanos;
    private final ByteBuffer memory;
    private final int[] offsets;
    private long next;
    private int place;

    /**
     * Frames of a template.
     *
     * @param clockNanos the time in nanoseconds since 1970; asked for each frame that tells it
     */
    public StreamFrames(CompiledTemplate template, LongSupplier clockNanos) {
        this.template = template;
        this.clockNanos = clockNanos;
        this.offsets = new int[template.frames().size()];
        int bytes = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = bytes;
            bytes += template.frames().get(i).length() + ALIGNMENT - 1 & -ALIGNMENT;
        }
        memory = ByteBuffer.allocateDirect(bytes + ALIGNMENT).alignedSlice(ALIGNMENT);
        for (int i = 0; i < offsets.length; i++) {
            template.frames().get(i).write(0, 0, memory, offsets[i]);
        }
    }

    /** Goes on to the next frame of the stream; the one before is gone. */
    public void advance() {
        place = template.place(next);
        CompiledFrame frame = template.frames().get(place);
        if (!frame.isConstant()) {
            frame.patch(next, template.isTimed() ? clockNanos.getAsLong() : 0, memory, offsets[place]);
        }
        next++;
    }

    /** Leaves out the stream's next frames. */
    public void skip(int frames) {
        next += frames;
    }

    /** Where the frame lies: always the same object, off-heap. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Where in the memory the frame begins. */
    public int offset() {
        return offsets[place];
    }

    /** How long it is. */
    public int length() {
        return template.frames().get(place).length();
    }
}
