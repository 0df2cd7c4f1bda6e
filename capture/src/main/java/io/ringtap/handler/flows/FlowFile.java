package io.ringtap.handler.flows;

import io.ringtap.frame.FileMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are appended to, whole lines with each call to the system, so that several threads may. It is opened
 * for each burst: a file that was renamed away is left alone from then on, and a new one made in its place.
 */
final class FlowFile {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flows");

    private final Path path;
    private final FileMode mode;
    private boolean lastLineUnsure = true;

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
        try {
            return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (NoSuchFileException e) {
            return create();
        }
    }

    /** By several threads at once: they make one file, and give it the same mode. */
    private FileChannel create() throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        FileChannel channel = FileChannel.open(path, options, FileMode.OWNER_ALONE);
        try {
            mode.give(path);
        } catch (IOException e) { // a file system that has no modes is no reason to write nothing
            LOG.warn("flows: cannot give {} the mode that is configured: {}", path, e.toString());
        }
        return channel;
    }

    private boolean isLastLineCut() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }
}
