package io.ringtap.handler.record.index;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** A segment of an index, to be asked. Every length in it is checked before it is believed. One thread. */
final class IndexSegment {
    private final FileChannel channel;
    private final long start;
    private final int length;
    private final int blocks;
    private final int groups;

    /** From the number of blocks to where the groups begin. */
    private final ByteBuffer table;

    private IndexSegment(FileChannel channel, long start, int length, int blocks, int groups, ByteBuffer table) {
        this.channel = channel;
        this.start = start;
        this.length = length;
        this.blocks = blocks;
        this.groups = groups;
        this.table = table;
    }

    /** Reads the one that begins at an offset. @throws IOException if it is not whole, or damaged */
    static IndexSegment read(FileChannel channel, long start) throws IOException {
        ByteBuffer header = read(channel, start, IndexLayout.SEGMENT_HEADER_BYTES);
        int length = header.getInt(IndexLayout.LENGTH_AT);
        int blocks = header.getInt(IndexLayout.BLOCKS_AT);
        int groups = header.getInt(IndexLayout.GROUPS_AT);
        boolean isSane = header.getInt(0) == IndexLayout.SEGMENT_MAGIC
                && blocks > 0
                && blocks <= IndexLayout.MOST_BLOCKS
                && groups > 0
                && BlockKeys.WORDS % groups == 0
                && length >= IndexLayout.groupsAt(blocks, groups)
                && start + length <= channel.size();
        if (!isSane) {
            throw new IOException("no whole segment at " + start);
        }
        ByteBuffer table = read(
                channel, start + IndexLayout.BLOCKS_AT, IndexLayout.groupsAt(blocks, groups) - IndexLayout.BLOCKS_AT);
        check(table, header.getInt(IndexLayout.CHECK_AT), start);
        return new IndexSegment(channel, start, length, blocks, groups, table);
    }

    static ByteBuffer read(FileChannel channel, long start, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, start + bytes.position()) < 0) {
                throw new EOFException("it ends at " + (start + bytes.position()));
            }
        }
        return bytes.flip();
    }

    private static void check(ByteBuffer bytes, int expected, long start) throws IOException {
        CRC32C check = new CRC32C();
        check.update(bytes.duplicate());
        if ((int) check.getValue() != expected) {
            throw new IOException("a check sum at " + start + " is wrong");
        }
    }

    /** Where the next one begins. */
    long end() {
        return start + length;
    }

    int blocks() {
        return blocks;
    }

    BlockSet all() {
        return BlockSet.first(blocks);
    }

    private int blockAt(int block) {
        return IndexLayout.SEGMENT_HEADER_BYTES - IndexLayout.BLOCKS_AT + block * IndexLayout.BLOCK_BYTES;
    }

    RecordingIndex.Block block(int number) {
        int at = blockAt(number);
        return new RecordingIndex.Block(
                table.getLong(at),
                table.getInt(at + 8),
                table.getInt(at + 12),
                table.getLong(at + 16),
                table.getLong(at + 24));
    }

    /** The blocks that may hold a frame with a key. */
    BlockSet blocks(long key) throws IOException {
        BlockSet first = row(BlockKeys.firstRow(key));
        return first.isEmpty() ? first : first.and(row(BlockKeys.secondRow(key)));
    }

    private BlockSet row(int number) throws IOException {
        int group = (number >>> 6) % groups;
        int place = blockAt(blocks) + group * IndexLayout.PLACE_BYTES;
        int from = table.getInt(place);
        int to = group + 1 == groups ? length : table.getInt(place + IndexLayout.PLACE_BYTES);
        if (from > to || to > length) {
            throw new IOException("a group lies outside of the segment at " + start);
        }
        if (from == to) {
            return BlockSet.NONE;
        }
        ByteBuffer bytes = read(channel, start + from, to - from);
        check(bytes, table.getInt(place + 4), start + from);
        return row(bytes, number & 63);
    }

    private BlockSet row(ByteBuffer group, int row) {
        long mask = group.getLong();
        if ((mask >>> row & 1) == 0) {
            return BlockSet.NONE;
        }
        int rowBytes = IndexLayout.rowBytes(blocks);
        for (int before = Long.bitCount(mask & (1L << row) - 1); before > 0; before--) {
            int count = group.get() & 0xff;
            group.position(group.position() + (count == IndexLayout.AS_BITS ? rowBytes : count));
        }
        int count = group.get() & 0xff;
        BlockSet set = BlockSet.NONE;
        if (count == IndexLayout.AS_BITS) {
            for (int block = 0; block < blocks; block++) {
                if ((group.get(group.position() + (block >>> 3)) >>> (block & 7) & 1) != 0) {
                    set = set.with(block);
                }
            }
        } else {
            for (int i = 0; i < count; i++) {
                set = set.with(group.get() & 0xff);
            }
        }
        return set;
    }
}
