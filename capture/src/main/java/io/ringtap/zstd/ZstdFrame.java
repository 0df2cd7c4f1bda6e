package io.ringtap.zstd;

import java.util.Arrays;
import java.util.Optional;

/**
 * A file's one zstd frame (RFC 8878, 3.1.1): a header, blocks, the last of which says so. There is one frame, and nothing behind it,
 * because Wireshark up to 4.4 takes a second frame, and every Wireshark a skippable one, for uncompressed bytes. The header
 * is always the same: it tells a window and no length, as that is not known yet.
 */
public final class ZstdFrame {
    /** The most uncompressed bytes in a group of blocks that stands alone: the window, which no distance in it is beyond. */
    public static final int GROUP_BYTES = 512 << 10;

    /** Bytes of the header, and so where the first block is. */
    public static final int HEADER_BYTES = 6;

    /** The most bytes of a block, compressed or not, without its header (RFC 8878, 3.1.1.2.4). */
    static final int BLOCK_BYTES = 128 << 10;

    static final int BLOCK_HEADER_BYTES = 3;

    static final int WINDOW_LOG = 19;

    private static final byte[] HEADER = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (WINDOW_LOG - 10) << 3};

    private ZstdFrame() {}

    /** Returns why this machine can neither compress nor decompress, and what to do; absent if it can. */
    public static Optional<String> missing() {
        return Libzstd.missing();
    }

    /** The frame's header, in an array of its own. */
    public static byte[] header() {
        return HEADER.clone();
    }

    /** A block of bytes as they are, at most 128 KiB; the frame's last one may be empty. */
    public static byte[] rawBlock(byte[] content, boolean last) {
        if (content.length > BLOCK_BYTES) {
            throw new IllegalArgumentException("no block holds bytes: " + content.length);
        }
        int header = content.length << 3 | (last ? 1 : 0);
        byte[] block = new byte[BLOCK_HEADER_BYTES + content.length];
        for (int i = 0; i < BLOCK_HEADER_BYTES; i++) {
            block[i] = (byte) (header >>> (8 * i));
        }
        System.arraycopy(content, 0, block, BLOCK_HEADER_BYTES, content.length);
        return block;
    }

    static boolean isHeader(byte[] bytes) {
        return Arrays.equals(bytes, HEADER);
    }
}
