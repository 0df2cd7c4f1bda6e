package io.ringtap.zstd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Decompresses what it is fed, a stretch at a time. One thread. */
final class Decompressor implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment context;
    private final MemorySegment in = arena.allocate(Libzstd.BUFFER_BYTES, Long.BYTES);
    private final MemorySegment out = arena.allocate(Libzstd.BUFFER_BYTES, Long.BYTES);
    private final ByteBuffer header = ByteBuffer.allocateDirect(ZstdFrame.HEADER_BYTES);
    private boolean inFrame;
    private boolean closed;

    /** @throws IOException if there is no libzstd: it says so */
    Decompressor() throws IOException {
        Libzstd.require();
        context = Libzstd.createDecompressor();
        header.put(ZstdFrame.header());
    }

    /** Expects a group of blocks next, of a frame of ours. */
    void enter() throws IOException {
        Libzstd.resetDecompressor(context);
        feed(header.flip(), ByteBuffer.allocateDirect(0));
    }

    /** Takes bytes from one direct buffer, and puts what they are into another: as many as fit. @throws IOException if they are damaged */
    void feed(ByteBuffer bytes, ByteBuffer target) throws IOException {
        int from = bytes.position();
        int to = target.position();
        place(in, bytes);
        place(out, target);
        long result = Libzstd.decompress(context, out, in);
        bytes.position(from + (int) in.get(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION));
        target.position(to + (int) out.get(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION));
        if (Libzstd.isError(result)) {
            throw new IOException(Libzstd.errorName(result));
        }
        if (bytes.position() != from || target.position() != to) {
            inFrame = result != 0;
        }
    }

    private static void place(MemorySegment buffer, ByteBuffer bytes) {
        buffer.set(ValueLayout.ADDRESS, 0, MemorySegment.ofBuffer(bytes));
        buffer.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_SIZE, bytes.remaining());
        buffer.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION, 0);
    }

    /** Returns whether a frame has begun that has not ended. */
    boolean inFrame() {
        return inFrame;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libzstd.freeDecompressor(context);
            arena.close();
        }
    }
}
