package io.ringtap.handler.flows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are appended to, whole lines with each call to the system, so that several threads may. It is opened
 * for each burst: a file that was renamed away is left alone from then on, and a new one made in its place.
 */
final class FlowFile {
    private final Path path;
    private boolean lastLineUnsure = true;

    FlowFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Makes the file if it is not there. */
    void make() throws IOException {
        open().close();
    }

    /** Appends lines. After a failure the last one in the file may be cut; what is appended then begins a new one. */
    void append(ByteBuffer lines) throws IOException {
        boolean cut = lastLineUnsure && Files.exists(path) && isLastLineCut();
        lastLineUnsure = true;
        try (FileChannel channel = open()) {
            if (cut) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            while (lines.hasRemaining()) {
                channel.write(lines);
            }
        }
        lastLineUnsure = false;
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private boolean isLastLineCut() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }
}
