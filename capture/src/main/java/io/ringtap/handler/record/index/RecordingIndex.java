package io.ringtap.handler.record.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The index of a recording, to be asked. One thread. */
public final class RecordingIndex implements Closeable {
    private static final String PART = ".part";
    private static final String INDEX = ".index";

    private final FileChannel channel;
    private final List<IndexSegment> segments;
    private final boolean whole;

    /**
     * A block of a recording.
     *
     * @param offset where its first record begins
     * @param bytes of its records
     * @param frames in it
     * @param earliestNanos its earliest frame's time, nanoseconds since 1970
     * @param latestNanos its latest frame's time
     */
    public record Block(long offset, int bytes, int frames, long earliestNanos, long latestNanos) {}

    private RecordingIndex(FileChannel channel, List<IndexSegment> segments, boolean whole) {
        this.channel = channel;
        this.segments = segments;
        this.whole = whole;
    }

    /** The index of a recording that has its name, or is still hidden, is called so. */
    public static Path beside(Path recording) {
        String name = recording.getFileName().toString();
        return recording.resolveSibling(
                name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) + INDEX + PART : name + INDEX);
    }

    private static boolean isHidden(Path recording) {
        return recording.getFileName().toString().endsWith(PART);
    }

    /**
     * Opens the index of a recording; absent if it has none.
     *
     * @param recordingBytes the recording's length
     * @throws IOException if it is damaged, or another file's
     */
    public static Optional<RecordingIndex> of(Path recording, long recordingBytes) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(beside(recording));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            boolean hidden = isHidden(recording);
            return Optional.of(new RecordingIndex(channel, segments(channel, recordingBytes, hidden), !hidden));
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                throw e;
            }
        }
    }

    private static List<IndexSegment> segments(FileChannel channel, long recordingBytes, boolean growing)
            throws IOException {
        List<IndexSegment> segments = new ArrayList<>();
        long size = channel.size();
        if (size < IndexLayout.HEADER_BYTES
                || IndexSegment.read(channel, 0, IndexLayout.HEADER_BYTES).getLong() != IndexLayout.MAGIC) {
            throw new IOException("it is none of this version");
        }
        long at = IndexLayout.HEADER_BYTES;
        long end = growing ? size : size - IndexLayout.END_BYTES;
        try {
            while (at < end) {
                IndexSegment segment = IndexSegment.read(channel, at);
                segments.add(segment);
                at = segment.end();
            }
        } catch (IOException e) {
            if (!growing) {
                throw e;
            }
            return segments; // what is behind is being written
        }
        if (!growing) {
            checkEnd(IndexSegment.read(channel, at, IndexLayout.END_BYTES), recordingBytes);
        }
        return segments;
    }

    private static void checkEnd(ByteBuffer end, long recordingBytes) throws IOException {
        if (end.getInt(0) != IndexLayout.END_MAGIC) {
            throw new IOException("its end is missing");
        }
        long told = end.getLong(4);
        if (told != recordingBytes) {
            throw new IOException("it is of a file of " + told + " bytes");
        }
    }

    /** Where the first block of the recording begins: before it is the file's header. 0 if there is none. */
    public long begin() {
        return segments.isEmpty() ? 0 : segments.getFirst().block(0).offset();
    }

    /** Returns whether the recording is: nothing of it is behind {@link #end} but what it ends with. */
    public boolean isWhole() {
        return whole;
    }

    /** Bytes of the recording, from its beginning, that the index answers for. */
    public long end() {
        if (segments.isEmpty()) {
            return 0;
        }
        IndexSegment last = segments.getLast();
        Block block = last.block(last.blocks() - 1);
        return block.offset() + block.bytes();
    }

    /**
     * The blocks that may hold a frame that a query asks for, and of a time from one instant to before another, in the recording's order.
     *
     * @throws IOException if what is to be read of the index is damaged
     */
    public List<Block> blocks(IndexQuery query, long fromNanos, long toNanos) throws IOException {
        List<Block> found = new ArrayList<>();
        for (IndexSegment segment : segments) {
            List<Block> inTime = new ArrayList<>();
            BlockSet times = BlockSet.NONE;
            for (int number = 0; number < segment.blocks(); number++) {
                Block block = segment.block(number);
                if (block.frames() > 0 && block.latestNanos() >= fromNanos && block.earliestNanos() < toNanos) {
                    times = times.with(number);
                }
                inTime.add(block);
            }
            BlockSet blocks = times.isEmpty() ? times : query.in(segment).and(times);
            for (int number = 0; number < segment.blocks() && !blocks.isEmpty(); number++) {
                if (blocks.has(number)) {
                    found.add(inTime.get(number));
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Removes the index of a recording, if it has one; gives the bytes that it had. */
    public static long remove(Path recording) throws IOException {
        long bytes = bytes(recording);
        Files.deleteIfExists(beside(recording));
        return bytes;
    }

    /** Bytes of the index of a recording; 0 if it has none. */
    public static long bytes(Path recording) throws IOException {
        try {
            return Files.size(beside(recording));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
