package io.ringtap.handler.flows;

import io.ringtap.lock.OpenFileLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are appended to, which several threads and processes may do: a burst is written under a lock, and only
 * whoever has it looks whether the last line is whole. It is opened for each burst: a file that was renamed away is left alone
 * from then on, and a new one made in its place. For one thread.
 */
final class FlowFile {
    /** No line is longer. */
    private static final int LONGEST_LINE = 64 << 10;

    private final Path path;

    FlowFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Makes the file if it is not there. */
    void make() throws IOException {
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                .close();
    }

    /** Appends lines. If it throws, those before the buffer's position are in the file, and of the others nothing. */
    void append(ByteBuffer lines) throws IOException {
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
