package io.ringtap.handler.record;

import io.ringtap.zstd.WholeBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of a file that was left behind, uncompressed, from its beginning on: what is before the last record that was told of
 * is gone. Its file ends can be cut where {@link #cut} says.
 */
sealed interface RecordBytes {
    /** Returns whether there are so many from there on. */
    boolean has(long at, int count) throws IOException;

    /** Four of them, which there must be. */
    int intAt(long at) throws IOException;

    /** Whole records end there, with so many frames in all. */
    void record(long end, long frames);

    /** Cuts the file behind the last record that it can be cut behind, and has it end as a whole one does. */
    void cut(FileChannel channel) throws IOException;

    /** Frames up to there. */
    long frames();

    /** Bytes of the file up to there. */
    long end();

    /** A file of records as they are. */
    final class Plain implements RecordBytes {
        private static final int WINDOW = 1 << 20;

        private final FileChannel channel;
        private final long size;
        private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).order(ByteOrder.nativeOrder());
        private long windowStart;
        private long end;
        private long frames;

        Plain(FileChannel channel) throws IOException {
            this.channel = channel;
            size = channel.size();
            window.limit(0);
        }

        @Override
        public boolean has(long at, int count) {
            return at + count <= size;
        }

        @Override
        public int intAt(long at) throws IOException {
            if (at < windowStart || at + 4 > windowStart + window.limit()) {
                window.clear();
                windowStart = at;
                while (window.hasRemaining() && channel.read(window, at + window.position()) > 0) {
                    // until it is full, or the file's end
                }
                window.flip();
            }
            return window.getInt((int) (at - windowStart));
        }

        @Override
        public void record(long recordEnd, long framesSoFar) {
            end = recordEnd;
            frames = framesSoFar;
        }

        @Override
        public void cut(FileChannel file) throws IOException {
            file.truncate(end);
        }

        @Override
        public long frames() {
            return frames;
        }

        @Override
        public long end() {
            return end;
        }
    }

    /** A file of one zstd frame. It can be cut behind a block that ends where a record does, as each does that was written last. */
    final class Compressed implements RecordBytes {
        /** A record, and the block that it ends in. */
        private static final int WINDOW = 1 << 20;

        /** A block's end, in the file and in what it holds. */
        private record BlockEnd(long end, long contentEnd, boolean last) {}

        private final WholeBlocks blocks;
        private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).order(ByteOrder.nativeOrder());
        private long windowStart;
        private long passed;
        private final Deque<BlockEnd> ahead = new ArrayDeque<>();
        private long end;
        private boolean last;
        private long frames;

        Compressed(WholeBlocks blocks) {
            this.blocks = blocks;
            window.limit(0);
        }

        @Override
        public boolean has(long at, int count) throws IOException {
            if (at + count - passed > WINDOW / 2) {
                return false; // no record of ours is so long
            }
            while (at + count > windowStart + window.limit()) {
                if (!blocks.next()) {
                    return false;
                }
                append(blocks.content());
                ahead.add(new BlockEnd(blocks.end(), windowStart + window.limit(), blocks.isLast()));
            }
            return true;
        }

        private void append(ByteBuffer content) {
            if (window.limit() + content.remaining() > WINDOW) {
                window.position((int) (passed - windowStart)).compact();
                window.flip();
                windowStart = passed;
            }
            int from = window.limit();
            window.limit(from + content.remaining());
            window.put(from, content, content.position(), content.remaining());
        }

        @Override
        public int intAt(long at) {
            return window.getInt((int) (at - windowStart));
        }

        @Override
        public void record(long recordEnd, long framesSoFar) {
            passed = recordEnd;
            BlockEnd block = ahead.peek();
            while (block != null && block.contentEnd <= recordEnd) {
                if (block.contentEnd == recordEnd) {
                    end = block.end;
                    last = block.last;
                    frames = framesSoFar;
                }
                ahead.remove();
                block = ahead.peek();
            }
        }

        @Override
        public void cut(FileChannel file) throws IOException {
            file.truncate(end);
            if (!last) {
                ByteBuffer ending = ByteBuffer.wrap(Compression.ZSTD.ending(new byte[0]));
                while (ending.hasRemaining()) {
                    file.write(ending, end + ending.position());
                }
            }
        }

        @Override
        public long frames() {
            return frames;
        }

        @Override
        public long end() {
            return end;
        }
    }
}
