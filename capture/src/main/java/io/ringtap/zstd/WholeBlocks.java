package io.ringtap.zstd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** The blocks of a file's one frame of ours, as far as they are whole, though the file may have been cut anywhere. One thread. */
public final class WholeBlocks implements AutoCloseable {
    private static final int RAW = 0;
    private static final int RLE = 1;
    private static final int RESERVED = 3;

    private final FileChannel file;
    private final Decompressor decompressor = new Decompressor();
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(
                    ZstdFrame.BLOCK_HEADER_BYTES + ZstdFrame.BLOCK_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer content = ByteBuffer.allocateDirect(ZstdFrame.BLOCK_BYTES);
    private long end;
    private boolean last;

    /** Reads the header, if there is one. @throws IOException if there is no libzstd, too: it says so */
    public WholeBlocks(FileChannel file) throws IOException {
        this.file = file;
        try {
            byte[] header = new byte[ZstdFrame.HEADER_BYTES];
            if (file.read(ByteBuffer.wrap(header), 0) == header.length && ZstdFrame.isHeader(header)) {
                end = header.length;
                decompressor.enter();
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Goes on to the next block; false if there is none that is whole. */
    public boolean next() throws IOException {
        if (end == 0 || last || !read(ZstdFrame.BLOCK_HEADER_BYTES)) {
            return false;
        }
        int header = Byte.toUnsignedInt(compressed.get(0)) | Short.toUnsignedInt(compressed.getShort(1)) << 8;
        int type = header >>> 1 & 3;
        int length = header >>> 3;
        boolean isLast = (header & 1) != 0;
        boolean nothing = type == RAW && length == 0 && !isLast; // what a disk may have in place of what was written
        boolean possible = type != RESERVED && length <= ZstdFrame.BLOCK_BYTES && !nothing;
        if (!possible || !read(ZstdFrame.BLOCK_HEADER_BYTES + (type == RLE ? 1 : length)) || !decompress()) {
            return false;
        }
        end += compressed.limit();
        last = isLast;
        return true;
    }

    private boolean read(int bytes) throws IOException {
        compressed.clear().limit(bytes);
        while (compressed.hasRemaining() && file.read(compressed, end + compressed.position()) > 0) {
            // until all are there, or the file's end
        }
        boolean all = !compressed.hasRemaining();
        compressed.flip();
        return all;
    }

    private boolean decompress() {
        content.clear();
        try {
            decompressor.feed(compressed, content);
        } catch (IOException e) {
            return false;
        }
        content.flip();
        return !compressed.hasRemaining();
    }

    /** The block's uncompressed bytes, at most 128 KiB; valid until the next one. */
    public ByteBuffer content() {
        return content.duplicate();
    }

    /** Returns where the block ends in the file; before the first, where that would begin, or 0 if the file has no header. */
    public long end() {
        return end;
    }

    /** Returns whether the frame ends with the block. */
    public boolean isLast() {
        return last;
    }

    @Override
    public void close() {
        decompressor.close();
    }
}
