package io.ringtap.handler.record.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Writes the index of a recording as that grows: it is told the records, and where they are in the file. After every 64 MiB or
 * so a segment goes to the index, which then answers for all before it; what is behind the last segment is to be read. Takes some 4
 * MiB of memory. One thread at a time.
 */
public final class IndexWriter implements Closeable {
    private static final int BLOCK_BYTES = 256 << 10;

    /** An index takes no more than one in so many bytes of its recording, and some hundred bytes. */
    public static final int MOST_PART = 34;

    private final FileChannel channel;
    private final Records records;
    private final BlockKeys keys = new BlockKeys();
    private final FrameKeys frames = new FrameKeys(keys);
    private final SegmentRows rows = new SegmentRows();
    private final ByteBuffer table = ByteBuffer.allocate(IndexLayout.MOST_BLOCKS * IndexLayout.BLOCK_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private ByteBuffer source = ByteBuffer.allocate(0);
    private int blocks;
    private long segmentBytes;
    private boolean open;
    private long blockOffset;
    private int blockBytes;
    private int blockFrames;
    private long earliestNanos;
    private long latestNanos;

    private IndexWriter(FileChannel channel, Records records) {
        this.channel = channel;
        this.records = records;
    }

    /** A new index for records of a layout. */
    public static IndexWriter create(Path file, Records records, FileAttribute<?>... attributes) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                attributes);
        try {
            IndexWriter writer = new IndexWriter(channel, records);
            writer.put(ByteBuffer.allocate(IndexLayout.HEADER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, IndexLayout.MAGIC));
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                throw e;
            }
        }
    }

    /**
     * Adds whole records, which are in the recording from an offset on, and can be read from each of them on.
     *
     * @throws IOException if the disk refuses a segment: the index is of no use then
     */
    @SuppressWarnings("ReferenceEquality") // the same memory, whatever it holds
    public void add(ByteBuffer bytes, int from, int to, long fileOffset) throws IOException {
        if (source != bytes) {
            source = bytes;
            frames.in(bytes.duplicate().clear().order(ByteOrder.BIG_ENDIAN));
        }
        int at = from;
        while (at < to) {
            long offset = fileOffset + at - from;
            if (!open || blockBytes >= BLOCK_BYTES || offset != blockOffset + blockBytes) {
                endBlock();
                open = true;
                blockOffset = offset;
            }
            int length = records.recordBytesAt(bytes, at);
            blockBytes += length;
            addRecord(bytes, at);
            at += length;
        }
    }

    private void addRecord(ByteBuffer bytes, int at) {
        int captured = records.frameBytesAt(bytes, at);
        if (captured < 0) {
            return;
        }
        long nanos = records.timestampNanosAt(bytes, at);
        earliestNanos = blockFrames == 0 ? nanos : Math.min(earliestNanos, nanos);
        latestNanos = blockFrames == 0 ? nanos : Math.max(latestNanos, nanos);
        blockFrames++;
        frames.add(at + records.frameOffset(), captured);
    }

    private void endBlock() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        table.putLong(blockOffset).putInt(blockBytes).putInt(blockFrames);
        table.putLong(earliestNanos).putLong(latestNanos);
        rows.add(keys.bits);
        keys.clear();
        segmentBytes += blockBytes;
        blockBytes = 0;
        blockFrames = 0;
        if (++blocks == IndexLayout.MOST_BLOCKS) {
            endSegment();
        }
    }

    private void endSegment() throws IOException {
        int fixed = IndexLayout.SEGMENT_HEADER_BYTES + table.position();
        int groups = rows.groupsWithin(segmentBytes / MOST_PART - fixed);
        int groupsAt = IndexLayout.groupsAt(blocks, groups);
        int most = groupsAt + groups * (Long.BYTES + Long.SIZE * (1 + IndexLayout.rowBytes(blocks)));
        if (out.capacity() < most) {
            out = ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
        }
        out.clear().position(groupsAt);
        out.put(IndexLayout.SEGMENT_HEADER_BYTES, table.array(), 0, table.position());
        rows.write(out, fixed, groups);
        out.putInt(0, IndexLayout.SEGMENT_MAGIC).putInt(IndexLayout.LENGTH_AT, out.position());
        out.putInt(IndexLayout.BLOCKS_AT, blocks).putInt(IndexLayout.GROUPS_AT, groups);
        CRC32C check = new CRC32C();
        check.update(out.array(), IndexLayout.BLOCKS_AT, groupsAt - IndexLayout.BLOCKS_AT);
        out.putInt(IndexLayout.CHECK_AT, (int) check.getValue());
        put(out.flip());
        rows.clear();
        table.clear();
        blocks = 0;
        segmentBytes = 0;
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * The recording is whole: writes what is left.
     *
     * @param recordingBytes its length
     * @param sync whether the index is to be on the disk then
     */
    public void end(long recordingBytes, boolean sync) throws IOException {
        endBlock();
        if (blocks > 0) {
            endSegment();
        }
        put(ByteBuffer.allocate(IndexLayout.END_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(IndexLayout.END_MAGIC)
                .putLong(recordingBytes)
                .flip());
        if (sync) {
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
