package io.ringtap.handler.record;

import io.ringtap.zstd.ZstdBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Compresses chunks for the writer, in order, each by a thread of its own of a few: while one is waited for, those behind it are
 * under way. One thread.
 */
final class ChunkCompressor implements AutoCloseable {
    private final Deque<ZstdBlocks> idle = new ArrayDeque<>();
    private final Deque<Running> running = new ArrayDeque<>();

    private record Running(Chunk chunk, ZstdBlocks blocks) {}

    private ChunkCompressor() {}

    /** With so many threads. @throws IOException if libzstd is missing, or cannot do it: it says so */
    static ChunkCompressor open(int level, int threads) throws IOException {
        ChunkCompressor compressor = new ChunkCompressor();
        try {
            while (compressor.idle.size() < threads) {
                compressor.idle.add(ZstdBlocks.open(level));
            }
            return compressor;
        } catch (IOException | RuntimeException | Error e) {
            compressor.close();
            throw e;
        }
    }

    /**
     * Waits until a chunk is compressed, from what is written of it up to {@code end}; the same again until {@link #done}.
     *
     * @param behind chunks that come next, whole: they are begun if that is the end of the chunk before them
     */
    ByteBuffer compressed(Chunk chunk, int end, List<Chunk> behind) {
        if (running.isEmpty()) {
            begin(chunk, end);
        }
        boolean whole = chunk.handedOver && end == chunk.filled;
        for (int next = running.size() - 1; whole && next < behind.size() && !idle.isEmpty(); next++) {
            begin(behind.get(next), behind.get(next).filled);
        }
        Running first = running.getFirst();
        if (!first.chunk.equals(chunk)) {
            throw new IllegalStateException("another chunk is next");
        }
        return first.blocks.finish();
    }

    private void begin(Chunk chunk, int end) {
        ZstdBlocks blocks = idle.pop();
        blocks.begin(chunk.bytes.duplicate().position(chunk.written).limit(end));
        running.add(new Running(chunk, blocks));
    }

    /** The chunk that was asked for is written, or lost. */
    void done(Chunk chunk) {
        if (!running.isEmpty() && running.getFirst().chunk.equals(chunk)) {
            ZstdBlocks blocks = running.pop().blocks;
            blocks.finish();
            idle.add(blocks);
        }
    }

    @Override
    public void close() {
        running.forEach(each -> each.blocks.close());
        idle.forEach(ZstdBlocks::close);
        running.clear();
        idle.clear();
    }
}
