package io.ringtap.capture.ring.spill;

import io.ringtap.frame.FileMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A file of whole frames, {@link SpillChunk records} behind a header:
 *
 * <pre>
 * bytes   0  "RTSPILL1"
 *         8  bytes and records of the file when it has ended, each 8 bytes, and their CRC-32C, 4 bytes
 *        32  the place, and the number of the records before it, up to which all were handled; likewise
 *        64  records
 * </pre>
 *
 * <p>It is open as long as it is there. Its name is its number: segments are read in the order of their numbers. Records are
 * appended by one thread, and read by another, who is told how far ({@link SpillLog}).
 */
final class SpillSegment {
    static final int HEADER_BYTES = 64;

    private static final long MAGIC = 0x314c4c4950535452L; // RTSPILL1
    private static final int ENDED = 8;
    private static final int HANDLED = 32;
    private static final int PAIR_BYTES = 20;

    private final Path path;
    private final FileChannel channel;

    /** Whole records, as the log's lock guards them. */
    private long end = HEADER_BYTES;

    private long records;

    private int appended;
    private long start = HEADER_BYTES;
    private long recordsBeforeStart;

    private SpillSegment(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** A new one, that its owner alone may open. */
    static SpillSegment create(Path path) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SpillSegment segment = new SpillSegment(path, FileChannel.open(path, options, FileMode.OWNER_ALONE));
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            segment.put(header.putLong(0, MAGIC), 0);
            return segment;
        } catch (IOException e) {
            segment.remove();
            throw e;
        }
    }

    /**
     * One that another run has left: what is behind its last whole record is cut off.
     *
     * @param chunk memory to read with
     */
    static SpillSegment open(Path path, SpillChunk chunk) throws IOException {
        SpillSegment segment =
                new SpillSegment(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            long[] ended = segment.pair(ENDED);
            boolean known = ended.length > 0 && ended[0] <= segment.channel.size();
            if (known) {
                segment.grow(ended[0] - HEADER_BYTES, ended[1]);
            } else if (segment.hasHeader()) {
                segment.findEnd(chunk);
            }
            segment.findStart();
            return segment;
        } catch (IOException | RuntimeException e) {
            segment.channel.close();
            throw e;
        }
    }

    private boolean hasHeader() throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return channel.read(magic, 0) == Long.BYTES && magic.getLong(0) == MAGIC;
    }

    private void findEnd(SpillChunk chunk) throws IOException {
        int place;
        do {
            read(chunk, end, Long.MAX_VALUE);
            int whole = 0;
            for (place = 0; chunk.isWholeAt(place); place += chunk.lengthAt(place)) {
                whole++;
            }
            grow(place, whole);
        } while (place > 0);
        finish();
    }

    /** Reads what is from a place to another, or to the end, as far as a chunk has room. */
    void read(SpillChunk chunk, long from, long to) throws IOException {
        ByteBuffer space = chunk.space();
        space.limit((int) Math.min(space.capacity(), to - from));
        int read;
        do {
            read = channel.read(space, from + space.position());
        } while (read > 0 && space.hasRemaining());
        chunk.readTo(space.position());
    }

    /** Appends what is in a chunk; {@link #appended} says how much, also if the disk refuses. It is whole with {@link #grow}. */
    void append(SpillChunk chunk) throws IOException {
        ByteBuffer content = chunk.content();
        try {
            put(content, end);
        } finally {
            appended = content.position();
        }
    }

    /** Bytes that the disk took of what was appended last. */
    int appended() {
        return appended;
    }

    private void put(ByteBuffer source, long at) throws IOException {
        while (source.hasRemaining()) {
            int written = channel.write(source, at + source.position());
            if (written <= 0) {
                throw new IOException("the disk took nothing");
            }
        }
    }

    /** It holds more whole records. */
    void grow(long bytes, long moreRecords) {
        end += bytes;
        records += moreRecords;
    }

    /** Behind its last whole record. */
    long end() {
        return end;
    }

    long records() {
        return records;
    }

    /** Writes down that nothing will be appended. */
    void finish() throws IOException {
        channel.truncate(end);
        putPair(ENDED, end, records);
    }

    /** Writes down that the records before a place, so many, were handled. */
    void mark(long place, long recordsBefore) throws IOException {
        putPair(HANDLED, place, recordsBefore);
    }

    private void findStart() throws IOException {
        long[] handled = pair(HANDLED);
        if (handled.length > 0 && handled[0] <= end) {
            start = handled[0];
            recordsBeforeStart = handled[1];
        }
    }

    /** The place of the first record that was not handled by an earlier run. */
    long start() {
        return start;
    }

    long recordsBeforeStart() {
        return recordsBeforeStart;
    }

    private void putPair(int at, long first, long second) throws IOException {
        ByteBuffer pair = ByteBuffer.allocate(PAIR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        pair.putLong(0, first).putLong(Long.BYTES, second).putInt(2 * Long.BYTES, crc(pair));
        put(pair.clear(), at);
    }

    private long[] pair(int at) throws IOException {
        ByteBuffer pair = ByteBuffer.allocate(PAIR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        boolean there = channel.read(pair, at) == PAIR_BYTES && pair.getInt(2 * Long.BYTES) == crc(pair);
        return there && pair.getLong(0) >= HEADER_BYTES
                ? new long[] {pair.getLong(0), pair.getLong(Long.BYTES)}
                : new long[0];
    }

    private static int crc(ByteBuffer pair) {
        CRC32C crc = new CRC32C();
        crc.update(pair.slice(0, 2 * Long.BYTES));
        return (int) crc.getValue();
    }

    Path path() {
        return path;
    }

    void close() throws IOException {
        channel.close();
    }

    /** Closes and removes it. */
    void remove() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(path);
        }
    }
}
