package io.ringtap.handler.record;

import io.ringtap.zstd.ZstdFrame;

/** What becomes of a file's bytes on their way to the disk. */
enum Compression {
    /** They are written as they are. */
    NONE(""),
    /** They are one zstd frame. */
    ZSTD(".zst");

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** Returns what comes behind the format's extension. */
    String suffix() {
        return suffix;
    }

    /** What a file begins with. */
    byte[] beginning(byte[] header) {
        if (this == NONE) {
            return header;
        }
        byte[] frame = ZstdFrame.header();
        byte[] block = ZstdFrame.rawBlock(header, false);
        byte[] both = new byte[frame.length + block.length];
        System.arraycopy(frame, 0, both, 0, frame.length);
        System.arraycopy(block, 0, both, frame.length, block.length);
        return both;
    }

    /** What a file ends with; of a compressed one, never nothing. */
    byte[] ending(byte[] trailer) {
        return this == NONE ? trailer : ZstdFrame.rawBlock(trailer, true);
    }

    /**
     * The most bytes that a file of so many, with as many as a format has for its trailer, can have more than that: where nothing
     * can be compressed, a block header for each 128 KiB, and some to spare.
     */
    long mostOverhead(long bytes) {
        return this == NONE ? 0 : 128 + (bytes >>> 14);
    }
}
