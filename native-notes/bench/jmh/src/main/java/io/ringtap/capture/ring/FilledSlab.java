package io.ringtap.capture.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.frame.TunnelPorts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/** A slab full of frames of different flows, and a view that steps from one to the next, as a worker's does. */
final class FilledSlab implements AutoCloseable {
    private static final int FRAMES = 1_024;
    private static final long SLAB_BYTES = 1L << 20;

    private final Arena arena = Arena.ofConfined();
    private final FrameSlab slab = new FrameSlab(SLAB_BYTES, arena);
    private final FrameSlot[] slots = new FrameSlot[FRAMES];
    private final MemoryFrame frame = new MemoryFrame("bench", TunnelPorts.DEFAULT);
    private int next;

    /** Frames of at most 1,016 bytes, made by flow number. */
    FilledSlab(IntFunction<byte[]> frames) {
        for (int i = 0; i < FRAMES; i++) {
            byte[] bytes = frames.apply(i);
            FrameSlot slot = new FrameSlot();
            slot.position = slab.write(nativeCopy(bytes, arena).address(), bytes.length);
            slot.captured = bytes.length;
            slot.original = bytes.length;
            slots[i] = slot;
        }
    }

    static MemorySegment nativeCopy(byte[] bytes, Arena arena) {
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    MemoryFrame next() {
        frame.moveTo(slab, slots[next++ & FRAMES - 1]);
        return frame;
    }

    @Override
    public void close() {
        arena.close();
    }
}
