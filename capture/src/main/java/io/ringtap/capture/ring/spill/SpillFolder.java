package io.ringtap.capture.ring.spill;

import io.ringtap.capture.DiskFault;
import io.ringtap.lock.OpenFileLock;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one spill, which one process at a time has: segments by number, and a hidden file that is locked. For one thread at
 * a time.
 */
final class SpillFolder {
    private static final String LOCK = ".lock";
    private static final Pattern SEGMENT = Pattern.compile("\\d{12}\\.spill");

    /** In the middle: what is kept at a stop comes before what is there. */
    private static final long FIRST_NUMBER = 500_000_000_000L;

    private final Path path;
    private @Nullable OpenFileLock lock;
    private long next = FIRST_NUMBER;
    private long before = FIRST_NUMBER - 1;

    SpillFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder if it is not there, and takes it. @throws IOException that says what is wrong with which folder */
    void take() throws IOException {
        try {
            Files.createDirectories(path);
            lock = OpenFileLock.tryTake(path.resolve(LOCK))
                    .orElseThrow(() -> new IOException("another worker or daemon spills there"));
        } catch (IOException e) {
            throw new IOException("cannot spill to " + path + ": " + DiskFault.reason(e), e);
        }
    }

    /** Returns the segments that are there, in order; those made from now on are around them. */
    List<Path> segments() throws IOException {
        List<Path> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.spill")) {
            files.forEach(segments::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        segments.removeIf(
                file -> !SEGMENT.matcher(file.getFileName().toString()).matches());
        segments.sort(null);
        if (!segments.isEmpty()) {
            before = number(segments.getFirst()) - 1;
            next = number(segments.getLast()) + 1;
        }
        return segments;
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().substring(0, 12));
    }

    /** Makes a segment behind all others. */
    SpillSegment create() throws IOException {
        SpillSegment made = SpillSegment.create(named(next));
        next++;
        return made;
    }

    /** Makes a segment before all others. */
    SpillSegment createFirst() throws IOException {
        SpillSegment made = SpillSegment.create(named(before));
        before--;
        return made;
    }

    private Path named(long number) {
        return path.resolve(String.format(Locale.ROOT, "%012d.spill", number));
    }

    Path path() {
        return path;
    }

    /** Lets others have it; removed if nothing is in it. */
    void leave() throws IOException {
        if (lock == null) {
            return;
        }
        try {
            if (segments().isEmpty()) {
                Files.deleteIfExists(path.resolve(LOCK)); // who has it open finds that it has lost its name
                Files.deleteIfExists(path);
            }
        } finally {
            lock.close();
            lock = null;
        }
    }
}
