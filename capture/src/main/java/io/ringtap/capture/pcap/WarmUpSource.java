package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Endless frames in blocks laid out as the kernel fills them, in memory of this process: what the pipeline is made warm
 * with, through the code that reads the real ring, before the first real frame.
 */
public final class WarmUpSource implements CaptureSource {
    private static final int BLOCKS = 4;
    private static final int BLOCK_BYTES = 1 << 18;
    private static final int BLOCK_HEADER_BYTES = 48;
    private static final int FRAME_BYTES = 200;

    /** The kernel's place for the frame behind its header, and the distance of two frames, for 200 bytes. */
    private static final int MAC_BYTES = 82;

    private static final int STEP_BYTES = 288;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ring = arena.allocate((long) BLOCKS * BLOCK_BYTES, RingMapping.PAGE_BYTES);
    private final BlockReader reader;
    private long read;

    /** A source that is ready to be read. */
    public WarmUpSource() {
        RingMapping mapping = new RingMapping(ring.address(), ring.address() + ring.byteSize());
        reader = new BlockReader(mapping, BLOCK_BYTES, FRAME_BYTES);
        for (int block = 0; block < BLOCKS; block++) {
            fill(ring.asSlice((long) block * BLOCK_BYTES, BLOCK_BYTES));
        }
    }

    private static void fill(MemorySegment block) {
        int frames = (BLOCK_BYTES - BLOCK_HEADER_BYTES) / STEP_BYTES;
        block.set(JAVA_INT, BlockReader.BLOCK_FRAMES, frames);
        block.set(JAVA_INT, BlockReader.BLOCK_FIRST_FRAME, BLOCK_HEADER_BYTES);
        for (int i = 0; i < frames; i++) {
            MemorySegment frame = block.asSlice(BLOCK_HEADER_BYTES + (long) i * STEP_BYTES, STEP_BYTES);
            frame.set(JAVA_INT, BlockReader.NEXT_OFFSET, STEP_BYTES);
            frame.set(JAVA_INT, BlockReader.CAPTURED, FRAME_BYTES);
            frame.set(JAVA_INT, BlockReader.ORIGINAL, FRAME_BYTES);
            frame.set(JAVA_SHORT, BlockReader.MAC_OFFSET, (short) MAC_BYTES);
            fillFrame(frame.asSlice(MAC_BYTES, FRAME_BYTES), i);
        }
    }

    /** Ethernet, IPv4, UDP; every frame from another address. */
    private static void fillFrame(MemorySegment frame, int number) {
        byte[] start = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};
        MemorySegment.copy(start, 0, frame, JAVA_BYTE, 0, start.length);
        frame.set(JAVA_BYTE, 23, (byte) 17);
        frame.set(JAVA_BYTE, 28, (byte) (number >> 8));
        frame.set(JAVA_BYTE, 29, (byte) number);
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        int count = reader.read(sink, limit);
        if (count == 0) {
            for (int block = 0; block < BLOCKS; block++) {
                ring.set(JAVA_INT, (long) block * BLOCK_BYTES + BlockReader.BLOCK_STATUS, BlockReader.STATUS_USER);
            }
        }
        read += Math.max(0, count);
        return count;
    }

    @Override
    public void accept() {}

    @Override
    public void await(Duration maximum) {}

    @Override
    public SourceCounts counts() {
        return new SourceCounts(read, 0, 0);
    }

    @Override
    public void quiesce() {}

    @Override
    public String failure() {
        return "";
    }

    @Override
    public void close() {
        arena.close();
    }
}
