package io.ringtap.daemon.find;

import io.ringtap.zstd.ZstdReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** The bytes of a recording as they were before it was compressed. One thread. */
interface RecordingBytes {
    /**
     * Opens them.
     *
     * @param offset in the file, where it can be entered: 0, or where a block of its index begins
     */
    ReadableByteChannel from(long offset) throws IOException;

    /**
     * Those of a file, which stays the caller's to close.
     *
     * @param read is told how many bytes of the file were read, each time
     * @throws IOException if it is compressed in a way that is not read
     */
    static RecordingBytes of(Path path, FileChannel file, LongConsumer read) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(4);
        while (start.hasRemaining() && file.read(start, start.position()) > 0) {
            // until it is full, or the file's end
        }
        int magic = start.getInt(0);
        if (magic >>> 16 == 0x1f8b) {
            return offset -> {
                if (offset != 0) {
                    throw new IOException("a gzip file cannot be entered at " + offset);
                }
                return Channels.newChannel(new GZIPInputStream(
                        new BufferedInputStream(Channels.newInputStream(new Positioned(file, 0, read)), 1 << 16)));
            };
        }
        if (magic == 0x28b52ffd || path.toString().toLowerCase(Locale.ROOT).endsWith(".zst")) {
            return offset -> {
                if (offset != 0) {
                    throw new IOException("a zstd file cannot be entered at " + offset);
                }
                return ZstdReader.open(path);
            };
        }
        return offset -> new Positioned(file, offset, read);
    }

    /** A file from an offset on, which leaves its position alone. */
    final class Positioned implements ReadableByteChannel {
        private final FileChannel file;
        private final LongConsumer read;
        private long at;

        Positioned(FileChannel file, long at, LongConsumer read) {
            this.file = file;
            this.read = read;
            this.at = at;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = file.read(target, at);
            at += Math.max(0, count);
            read.accept(Math.max(0, count));
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {
            // the file stays open
        }
    }
}
