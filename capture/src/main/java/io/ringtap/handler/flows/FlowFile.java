package io.ringtap.handler.flows;

import io.ringtap.frame.FileMode;
import io.ringtap.lock.OpenFileLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are appended to, which several threads and processes may do: a burst is written under a lock, and only
 * whoever has it looks whether the last line is whole. It is opened for each burst: a file that was renamed away is left alone
 * from then on, and a new one made in its place. For one thread.
 */
final class FlowFile {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flows");

    /** No line is longer. */
    private static final int LONGEST_LINE = 64 << 10;

    private final Path path;
    private final FileMode mode;

    /** One that gets a mode if it has to be made. */
    FlowFile(Path path, FileMode mode) {
        this.path = path;
        this.mode = mode;
    }

    Path path() {
        return path;
    }

    /** Makes the file if it is not there. */
    void make() throws IOException {
        makeIfMissing();
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                .close(); // or it says what is wrong
    }

    /** Appends lines. If it throws, those before the buffer's position are in the file, and of the others nothing. */
    void append(ByteBuffer lines) throws IOException {
        makeIfMissing();
        try (OpenFileLock lock = OpenFileLock.take(path);
                FileChannel channel =
                        FileChannel.open(lock.file(), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            mend(lock.file(), channel);
            try {
                while (lines.hasRemaining()) {
                    channel.write(lines);
                }
            } catch (IOException e) {
                lines.position(lastLineStart(lines.duplicate().flip()));
                mendAfter(e, lock.file(), channel);
                throw e;
            }
        }
    }

    /** Several may make it at once: they make one file, and give it the same mode. */
    private void makeIfMissing() throws IOException {
        if (Files.exists(path)) {
            return;
        }
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        FileChannel.open(path, options, FileMode.OWNER_ALONE).close();
        try {
            mode.give(path);
        } catch (IOException e) { // a file system that has no modes is no reason to write nothing
            LOG.warn("flows: cannot give {} the mode that is configured: {}", path, e.toString());
        }
    }

    private static void mendAfter(IOException reason, Path file, FileChannel channel) {
        try {
            mend(file, channel);
        } catch (IOException e) {
            reason.addSuppressed(e); // whoever has the lock next does it
        }
    }

    /** Cuts off a line that is not whole, as whoever was killed or had no room left it; ends one that is not of this kind. */
    private static void mend(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size == 0) {
            return;
        }
        ByteBuffer end;
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            if (isNewLine(reader, size - 1)) {
                return;
            }
            end = ByteBuffer.allocate((int) Math.min(size, LONGEST_LINE));
            while (end.hasRemaining() && reader.read(end, size - end.capacity() + end.position()) > 0) {
                // until it is full
            }
        }
        int start = lastLineStart(end.flip());
        String line = new String(end.array(), start, end.limit() - start, StandardCharsets.UTF_8);
        if ((start > 0 || size == end.capacity()) && FlowText.isBegun(line)) {
            channel.truncate(size - end.limit() + start);
        } else {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    private static boolean isNewLine(FileChannel reader, long at) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return reader.read(last, at) == 1 && last.get(0) == '\n';
    }

    /** Returns where the line begins that is not whole. */
    private static int lastLineStart(ByteBuffer lines) {
        int start = lines.limit();
        while (start > 0 && lines.get(start - 1) != '\n') {
            start--;
        }
        return start;
    }
}
