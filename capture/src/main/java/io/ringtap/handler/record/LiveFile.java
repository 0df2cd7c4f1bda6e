package io.ringtap.handler.record;

import io.ringtap.frame.FileMode;
import io.ringtap.handler.record.RecordFolder.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file that is being written, under its hidden name. It ends with a whole record whenever no call is under way. */
final class LiveFile {
    private final Part part;
    private final FileChannel channel;
    private final LiveIndex index;
    private long bytes;
    private long frames;
    private long firstNanos;
    private boolean torn;

    private LiveFile(Part part, FileChannel channel, LiveIndex index) {
        this.part = part;
        this.channel = channel;
        this.index = index;
    }

    /** A new file that holds a header, and that its owner alone may open. */
    static LiveFile create(Part part, byte[] header) throws IOException {
        return create(part, header, LiveIndex.none(part, null));
    }

    /** The same, with an index that is told all that is in the file. */
    static LiveFile create(Part part, byte[] header, LiveIndex index) throws IOException {
        LiveFile file = new LiveFile(
                part,
                FileChannel.open(
                        part.path(),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        FileMode.OWNER_ALONE),
                index);
        try {
            file.put(ByteBuffer.wrap(header));
            index.begin();
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.discardAfter(e);
            throw e;
        }
    }

    private void put(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            bytes += channel.write(source, bytes);
        }
    }

    /**
     * Appends the records of a chunk that are published and not yet written, and notes in the chunk which are. If it throws,
     * as many of them as the disk took are in the file, whole.
     */
    void append(Chunk chunk, long published, FileFormat format) throws IOException {
        long start = bytes;
        if (frames == 0) {
            firstNanos = format.timestampNanosAt(chunk.bytes, chunk.written);
        }
        int from = chunk.written;
        int framesBefore = chunk.framesWritten;
        try {
            put(chunk.bytes.duplicate().position(from).limit(Chunk.filled(published)));
            chunk.written = Chunk.filled(published);
            chunk.framesWritten = Chunk.frames(published);
        } catch (IOException e) {
            long end = from + bytes - start;
            while (chunk.written + format.recordBytesAt(chunk.bytes, chunk.written) <= end) {
                chunk.written += format.recordBytesAt(chunk.bytes, chunk.written);
                chunk.framesWritten++;
            }
            cutTo(start + chunk.written - from);
            throw e;
        } finally {
            frames += chunk.framesWritten - framesBefore;
            index.add(chunk.bytes, from, chunk.written, start);
        }
    }

    /** Appends whole records: all of them, or, if it throws, none. */
    void append(ByteBuffer records, int count, long nanosOfFirst) throws IOException {
        long start = bytes;
        try {
            put(records.duplicate());
        } catch (IOException e) {
            cutTo(start);
            throw e;
        }
        firstNanos = frames == 0 ? nanosOfFirst : firstNanos;
        frames += count;
    }

    /**
     * Appends the records of a chunk that are published and not yet written as a block, which holds them all, and notes in the chunk
     * that they are written. If it throws, none of them is in the file.
     */
    void append(Chunk chunk, long published, FileFormat format, ByteBuffer block) throws IOException {
        long start = bytes;
        if (frames == 0) {
            firstNanos = format.timestampNanosAt(chunk.bytes, chunk.written);
        }
        try {
            put(block.duplicate());
        } catch (IOException e) {
            cutTo(start);
            throw e;
        }
        frames += Chunk.frames(published) - chunk.framesWritten;
        chunk.written = Chunk.filled(published);
        chunk.framesWritten = Chunk.frames(published);
    }

    /** Appends what the file ends with, or, if the disk does not take it, the least that it must end with. */
    void end(byte[] ending, byte[] least) {
        if (!putOrCut(ending) && !putOrCut(least)) {
            torn = true;
        }
    }

    /** Appends what the format ends files with, or, if the disk does not take it, nothing. */
    void end(byte[] trailer) {
        end(trailer, new byte[0]);
    }

    private boolean putOrCut(byte[] source) {
        long start = bytes;
        try {
            put(ByteBuffer.wrap(source));
            return true;
        } catch (IOException e) {
            cutTo(start);
            return false;
        }
    }

    private void cutTo(long length) {
        try {
            channel.truncate(length);
            bytes = length;
        } catch (IOException e) {
            torn = true;
        }
    }

    Part part() {
        return part;
    }

    long bytes() {
        return bytes;
    }

    long frames() {
        return frames;
    }

    /** The first frame's time. */
    long firstNanos() {
        return firstNanos;
    }

    /** Returns whether it could not be cut to its last whole record: it stays hidden, and is cut when ringtap starts next. */
    boolean torn() {
        return torn;
    }

    /** Returns whether its hidden name is no longer there: what is written to it, nobody will find. */
    boolean isGone() {
        return Files.notExists(part.path());
    }

    /** Ends its index, for there will be no more in it. */
    void endIndex(boolean sync) {
        index.end(bytes, sync);
    }

    /** Removes its index, for it is gone. */
    void discardIndex() {
        index.discard();
    }

    /** Has what was written so far on the disk; any thread. */
    void sync() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        channel.close();
    }

    /** Closes and removes it, as it will not be used for what has gone wrong. */
    void discardAfter(Throwable reason) {
        try {
            discard();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Closes and removes it. */
    void discard() throws IOException {
        try {
            channel.close();
        } finally {
            index.discard();
            Files.deleteIfExists(part.path());
        }
    }
}
