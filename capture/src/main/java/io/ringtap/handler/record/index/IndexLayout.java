package io.ringtap.handler.record.index;

/**
 * An index file, little-endian: a magic number; segments; when the recording is whole, an end. A segment is a header, the blocks, the
 * places of the groups of rows with their check sums, and the groups. A group has a bit for each of its 64 rows that is not
 * empty, and for each of those the blocks that it is set for: a count and their numbers, or a bit for each block.
 */
final class IndexLayout {
    static final long MAGIC = 0x3158_444e_4950_4154L; // "TAPINDX1"
    static final int HEADER_BYTES = 8;

    static final int SEGMENT_MAGIC = 0x4753_5452; // "RTSG"
    static final int SEGMENT_HEADER_BYTES = 20;
    static final int LENGTH_AT = 4;
    static final int CHECK_AT = 8;

    /** What the check sum covers begins here, and ends where the groups begin. */
    static final int BLOCKS_AT = 12;

    static final int GROUPS_AT = 16;
    static final int BLOCK_BYTES = 32;
    static final int PLACE_BYTES = 8;

    static final int END_MAGIC = 0x444e_5452; // "RTND"
    static final int END_BYTES = 12;

    static final int MOST_BLOCKS = 256;

    /** In place of a count: a bit for each block follows. */
    static final int AS_BITS = 255;

    private IndexLayout() {}

    /** Where the groups of a segment begin. */
    static int groupsAt(int blocks, int groups) {
        return SEGMENT_HEADER_BYTES + blocks * BLOCK_BYTES + groups * PLACE_BYTES;
    }

    /** Bytes of a row as bits. */
    static int rowBytes(int blocks) {
        return (blocks + 7) >>> 3;
    }
}
