package io.ringtap.zstd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/**
 * The uncompressed bytes of a zstd file, whoever made it: of several frames one after another, of skippable ones none. A file that
 * is still written, or was cut, ends with its last bytes that can be told. One thread.
 */
public final class ZstdReader implements ReadableByteChannel {
    private static final int INPUT_BYTES = 256 << 10;
    private static final int OUTPUT_BYTES = 128 << 10;

    private final Path path;
    private final FileChannel file;
    private final Decompressor decompressor;
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).limit(0);

    /** For targets that are not direct. */
    private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BYTES);

    private boolean more;

    private ZstdReader(Path path, FileChannel file, Decompressor decompressor) {
        this.path = path;
        this.file = file;
        this.decompressor = decompressor;
    }

    /** Opens a file, to be read from its beginning. @throws IOException if it cannot be, or there is no libzstd: it says so */
    public static ZstdReader open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return new ZstdReader(path, file, new Decompressor());
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Goes on where a group of blocks begins in a frame of {@link ZstdBlocks}: what is read next are its uncompressed bytes, and
     * those of all that follows.
     *
     * @param offset in the compressed file
     */
    public void enter(long offset) throws IOException {
        input.limit(0);
        more = false;
        file.position(offset);
        decompressor.enter();
    }

    /** Reads on; -1 at the end. @throws IOException if the file is damaged there */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (target.isDirect()) {
            return decompress(target);
        }
        output.clear().limit(Math.min(OUTPUT_BYTES, target.remaining()));
        int read = decompress(output);
        target.put(output.flip());
        return read;
    }

    private int decompress(ByteBuffer target) throws IOException {
        int start = target.position();
        while (target.position() == start) {
            if (!input.hasRemaining() && !more && !fill()) {
                return -1;
            }
            try {
                decompressor.feed(input, target);
            } catch (IOException e) {
                throw new IOException(
                        path + " is no zstd file, or damaged before its byte " + position() + ": " + e.getMessage(), e);
            }
            more = !target.hasRemaining(); // there may be some in the decompressor that did not fit
        }
        return target.position() - start;
    }

    private boolean fill() throws IOException {
        input.clear();
        int read = file.read(input);
        input.flip();
        return read > 0;
    }

    /** Returns up to where the compressed file has been used. */
    public long position() throws IOException {
        return file.position() - input.remaining();
    }

    /** Returns whether, at its end, the file has more to come: it is still written, or was cut. */
    public boolean isCutShort() {
        return decompressor.inFrame();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    /** Idempotent. */
    @Override
    public void close() throws IOException {
        decompressor.close();
        file.close();
    }
}
