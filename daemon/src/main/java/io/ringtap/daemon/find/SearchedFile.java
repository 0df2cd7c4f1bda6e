package io.ringtap.daemon.find;

import io.ringtap.handler.record.index.RecordingIndex;
import io.ringtap.handler.record.index.RecordingIndex.Block;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A file that is searched: what is to be read of it, and the frame found last. One thread. */
final class SearchedFile implements Closeable {
    /** What may hold a frame: from an offset on, so many bytes. */
    private record Range(long offset, long bytes) {}

    /** Hold the first frame of nearly every file. */
    private static final long FIRST_BYTES = 8 << 10;

    private final Path path;
    private final FileChannel channel;
    private final RecordingBytes content;
    private final Wanted wanted;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private final FrameScan scan = new FrameScan();
    private boolean indexed;
    private long earliestNanos = Long.MIN_VALUE;
    private boolean begun;
    private long frames;
    private long bytes;
    private long firstNanos;
    private long lastNanos;

    private SearchedFile(Path path, FileChannel channel, Wanted wanted, LongConsumer read) throws IOException {
        this.path = path;
        this.channel = channel;
        this.wanted = wanted;
        content = RecordingBytes.of(path, channel, read);
    }

    /**
     * Opens a file, and finds out where in it to look.
     *
     * @param read is told the bytes read, each time
     * @param complain is told what keeps an index from being used
     */
    static SearchedFile open(Path path, Wanted wanted, LongConsumer read, IndexComplaint complain) throws IOException {
        FileChannel channel = FileChannel.open(path);
        try {
            SearchedFile file = new SearchedFile(path, channel, wanted, read);
            file.plan(complain);
            return file;
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                throw e;
            }
        }
    }

    /** Takes the reason why the index of a file is not used. */
    interface IndexComplaint {
        void tell(Path file, String why);
    }

    private void plan(IndexComplaint complain) throws IOException {
        long size = channel.size();
        if (wanted.usesIndex()) {
            try (IndexOf index = new IndexOf(RecordingIndex.of(path, size))) {
                if (index.index().isPresent()) {
                    plan(index.index().get(), size);
                    return;
                }
            } catch (IOException e) {
                ranges.clear();
                complain.tell(path, e.getMessage());
            }
        }
        indexed = false;
        ranges.add(new Range(0, Long.MAX_VALUE));
    }

    private record IndexOf(Optional<RecordingIndex> index) implements Closeable {
        @Override
        public void close() throws IOException {
            if (index.isPresent()) {
                index.get().close();
            }
        }
    }

    private void plan(RecordingIndex index, long size) throws IOException {
        indexed = true;
        List<Block> blocks = index.blocks(wanted.query(), wanted.fromNanos(), wanted.toNanos());
        long tail = size - index.end();
        boolean isRead = !blocks.isEmpty() || (tail > 0 && !index.isWhole());
        if (!isRead) {
            return;
        }
        ranges.add(new Range(0, index.begin()));
        for (Block block : blocks) {
            add(new Range(block.offset(), block.bytes()));
        }
        if (tail > 0 && !index.isWhole()) {
            add(new Range(index.end(), Long.MAX_VALUE));
        } else {
            earliestNanos =
                    blocks.stream().mapToLong(Block::earliestNanos).min().orElseThrow();
        }
    }

    /** Blocks that follow one another are read as one. */
    private void add(Range range) {
        Range last = ranges.getLast();
        boolean follows = last.offset() + last.bytes() == range.offset();
        if (follows) {
            ranges.removeLast();
            boolean toTheEnd = range.bytes() == Long.MAX_VALUE;
            ranges.add(new Range(last.offset(), toTheEnd ? range.bytes() : last.bytes() + range.bytes()));
        } else {
            ranges.add(range);
        }
    }

    /** Bytes that are to be read of it. */
    long plannedBytes() throws IOException {
        long size = channel.size();
        return ranges.stream()
                .mapToLong(range -> Math.min(range.bytes(), size - range.offset()))
                .sum();
    }

    /** Returns whether an index says where to look. */
    boolean isIndexed() {
        return indexed;
    }

    /** No frame of it that is wanted is earlier: of one without an index, its first frame, which is read for it. */
    long earliestNanos() throws IOException {
        if (earliestNanos == Long.MIN_VALUE && !ranges.isEmpty()) {
            FrameScan first = new FrameScan();
            first.enter(content.from(0), FIRST_BYTES);
            earliestNanos = first.next() ? first.nanos() : Long.MIN_VALUE + 1;
        }
        return earliestNanos;
    }

    /** Goes on to the next frame that is wanted; false if there is none. @throws IOException if it cannot be read on */
    boolean next() throws IOException {
        while (true) {
            if (begun && find()) {
                return true;
            }
            if (ranges.isEmpty()) {
                return false;
            }
            begun = true;
            Range range = ranges.remove();
            scan.enter(content.from(range.offset()), range.bytes());
        }
    }

    private boolean find() throws IOException {
        while (scan.next()) {
            if (wanted.has(scan)) {
                frames++;
                bytes += scan.captured();
                firstNanos = frames == 1 ? scan.nanos() : Math.min(firstNanos, scan.nanos());
                lastNanos = frames == 1 ? scan.nanos() : Math.max(lastNanos, scan.nanos());
                return true;
            }
        }
        return false;
    }

    /** Returns whether it ends within a record. */
    boolean isCutShort() {
        return begun && !scan.isAtEnd();
    }

    /** Reads no more of it. */
    void leave() {
        ranges.clear();
    }

    FrameScan frame() {
        return scan;
    }

    Path path() {
        return path;
    }

    /** What was found in it so far. */
    FoundIn found() {
        return new FoundIn(path, frames, bytes, firstNanos, lastNanos);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
