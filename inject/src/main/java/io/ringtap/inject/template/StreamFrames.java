package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The frames of a stream, one after another, off-heap: each is patched in place, where an engine takes it from. Makes no
 * garbage. For one thread at a time.
 */
public final class StreamFrames implements FrameSequence {
    private static final int ALIGNMENT = 64; // a cache line

    private final CompiledTemplate template;
    private final CompiledFrame[] frames;
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
        this.frames = template.frames().toArray(CompiledFrame[]::new);
        this.offsets = new int[frames.length];
        int bytes = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = bytes;
            bytes += frames[i].length() + ALIGNMENT - 1 & -ALIGNMENT;
        }
        memory = ByteBuffer.allocateDirect(bytes + ALIGNMENT).alignedSlice(ALIGNMENT);
        for (int i = 0; i < offsets.length; i++) {
            frames[i].write(0, 0, memory, offsets[i]);
        }
    }

    @Override
    public void advance() {
        place = template.place(next);
        CompiledFrame frame = frames[place];
        if (!frame.isConstant()) {
            frame.patch(next, template.isTimed() ? clockNanos.getAsLong() : 0, memory, offsets[place]);
        }
        next++;
    }

    @Override
    public void skip(int count) {
        next += count;
    }

    /** {@inheritDoc} Always the same. */
    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int offset() {
        return offsets[place];
    }

    @Override
    public int length() {
        return frames[place].length();
    }
}
