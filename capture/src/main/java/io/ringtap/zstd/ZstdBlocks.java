package io.ringtap.zstd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Compresses bytes into groups of blocks, each of which can be decompressed alone, whatever was before it in its frame. A thread of
 * libzstd's does the work, between {@link #begin} and {@link #finish}. Itself for one thread at a time.
 *
 * <p>That a group stands alone is how libzstd lets several threads make one frame: what one of them compresses knows nothing of
 * what is before it, without an overlap not even the bytes, so not the distances or tables that were used last either. The first of
 * them makes the frame's header too, so it gets a byte to compress that nobody wants.
 */
public final class ZstdBlocks implements AutoCloseable {
    /** The lowest level, and the fastest. */
    public static final int LEAST_LEVEL = 1;

    /** The highest that is worth its time. */
    public static final int MOST_LEVEL = 19;

    /** More than is ever compressed at once: no group is cut into two. */
    private static final int JOB_BYTES = 2 * ZstdFrame.GROUP_BYTES;

    /** libzstd counts in 32 bits what its threads do; it begins anew long before that is over. */
    private static final int MOST_GROUPS = 1 << 24;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment context;
    private final MemorySegment in = arena.allocate(Libzstd.BUFFER_BYTES, Long.BYTES);
    private final MemorySegment out = arena.allocate(Libzstd.BUFFER_BYTES, Long.BYTES);
    private final ByteBuffer compressed;
    private final int mostGroups;
    private int groups;
    private boolean running;
    private boolean closed;

    private ZstdBlocks(int level, int mostGroups) throws IOException {
        Libzstd.require();
        this.mostGroups = mostGroups;
        MemorySegment target = arena.allocate(Libzstd.bound(ZstdFrame.GROUP_BYTES));
        compressed = target.asByteBuffer();
        out.set(ValueLayout.ADDRESS, 0, target);
        out.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_SIZE, target.byteSize());
        context = Libzstd.createCompressor();
        try {
            set(Libzstd.LEVEL, level);
            set(Libzstd.WINDOW_LOG, ZstdFrame.WINDOW_LOG);
            set(Libzstd.WORKERS, 1);
            set(Libzstd.JOB_SIZE, JOB_BYTES);
            set(Libzstd.OVERLAP_LOG, 1); // none
            beginFrame();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Ready to compress.
     *
     * @throws IOException if there is no libzstd, or one without threads: it says so
     */
    public static ZstdBlocks open(int level) throws IOException {
        return open(level, MOST_GROUPS);
    }

    static ZstdBlocks open(int level, int mostGroups) throws IOException {
        return new ZstdBlocks(level, mostGroups);
    }

    private void set(int parameter, int value) throws IOException {
        long result = Libzstd.set(context, parameter, value);
        if (Libzstd.isError(result)) {
            throw new IOException(Libzstd.NAME
                    + (parameter == Libzstd.WORKERS
                            ? " was built without threads, which ringtap needs; install the distribution's own"
                            : " refuses parameter " + parameter + " = " + value + ": " + Libzstd.errorName(result)));
        }
    }

    private void beginFrame() {
        groups = 0;
        start(arena.allocate(1));
        finish();
    }

    /**
     * Begins to compress a direct buffer's bytes, at most {@value ZstdFrame#GROUP_BYTES}, of which a copy is made first: the buffer is
     * the caller's again when this returns.
     */
    public void begin(ByteBuffer bytes) {
        if (bytes.remaining() > ZstdFrame.GROUP_BYTES || !bytes.isDirect() || running) {
            throw new IllegalArgumentException("cannot begin with bytes: " + bytes.remaining());
        }
        if (groups == mostGroups) {
            Libzstd.resetCompressor(context);
            beginFrame();
        }
        groups++;
        start(MemorySegment.ofBuffer(bytes));
    }

    private void start(MemorySegment bytes) {
        in.set(ValueLayout.ADDRESS, 0, bytes);
        in.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_SIZE, bytes.byteSize());
        in.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION, 0);
        out.set(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION, 0);
        running = true;
        while (in.get(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION) < bytes.byteSize()) {
            flush();
        }
    }

    /** Waits for what was begun; the group, valid until the next begins. It may be asked for again. */
    public ByteBuffer finish() {
        while (running) {
            running = flush() != 0;
        }
        return compressed.duplicate().limit((int) written());
    }

    private long flush() {
        if (written() == compressed.capacity()) {
            throw new IllegalStateException("a group of blocks is longer than libzstd said it can be");
        }
        long left = Libzstd.flush(context, out, in);
        if (Libzstd.isError(left)) {
            throw new IllegalStateException("cannot compress: " + Libzstd.errorName(left));
        }
        return left;
    }

    private long written() {
        return out.get(ValueLayout.JAVA_LONG, Libzstd.BUFFER_POSITION);
    }

    /** Gives back its memory and its thread. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libzstd.freeCompressor(context);
            arena.close();
        }
    }
}
