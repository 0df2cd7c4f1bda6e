package io.ringtap.handler.record;

import io.ringtap.handler.record.index.RecordingIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of recordings, and what its files are called: {@code BASE-TIME-SEQUENCE[-tTHREAD].pcapng} when whole, with the first
 * frame's time in UTC, and a number that grows with each file that ends, whatever its thread; {@code
 * .BASE-SEQUENCE[-tTHREAD].pcapng.part} until then. Compressed files have {@code .zst} behind their extension.
 */
class RecordFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuuMMdd'T'HHmmss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern PART =
            Pattern.compile("\\.(.+)-(\\d{6,18})(-t\\d+)?\\.(pcap(?:ng)?(?:\\.zst)?)\\.part");
    private static final Pattern WHOLE =
            Pattern.compile("(.+)-\\d{8,}T\\d{6}\\.\\d{6}Z-(\\d{6,18})(-t\\d+)?\\.pcap(?:ng)?(?:\\.zst)?");

    private static final Pattern INDEX = Pattern.compile(
            "(?<recording>\\.?(.+?)(?:-\\d{8,}T\\d{6}\\.\\d{6}Z)?-\\d{6,18}(-t\\d+)?\\.(?:pcapng|pcap))\\.index(\\.part)?");

    private final Path path;

    RecordFolder(Path realPath) {
        path = realPath;
    }

    /**
     * The names of the files of one handler thread.
     *
     * @param base what the names of all its handler's threads begin with
     * @param thread "-t" and the thread's number; empty for the only one
     */
    record Slot(String base, String thread) {
        static Slot of(String base, int thread, int threads) {
            return new Slot(base, threads == 1 ? "" : "-t" + thread);
        }

        boolean isFirstOfSeveral() {
            return thread.equals("-t0");
        }

        Slot ofOneThread() {
            return new Slot(base, "");
        }

        /** Returns whether whoever has the locks of this slot has that of another one too. */
        boolean covers(Slot other) {
            return equals(other) || (isFirstOfSeveral() && other.equals(ofOneThread()));
        }
    }

    /** A file that is being written, or was when its process ended. */
    record Part(Path path, Slot slot, long sequence, String extension) {
        boolean isCompressed() {
            return extension.endsWith(Compression.ZSTD.suffix());
        }
    }

    /** A file that has its name. */
    record Whole(Path path, String base, Slot slot, long sequence) {}

    Path path() {
        return path;
    }

    Path lockFile(Slot slot) {
        return path.resolve("." + slot.base() + slot.thread() + ".lock");
    }

    /** Returns what is locked to write files of a slot: by the first of several threads also what an only one would lock. */
    List<Path> lockFiles(Slot slot) {
        return slot.isFirstOfSeveral()
                ? List.of(lockFile(slot), lockFile(slot.ofOneThread()))
                : List.of(lockFile(slot));
    }

    Part part(Slot slot, long sequence, String extension) {
        String name = String.format(Locale.ROOT, ".%s-%06d%s.%s.part", slot.base(), sequence, slot.thread(), extension);
        return new Part(path.resolve(name), slot, sequence, extension);
    }

    private Path wholeName(Part part, long sequence, long firstNanos) {
        String time = TIME.format(Instant.ofEpochSecond(0, firstNanos));
        return path.resolve(String.format(
                Locale.ROOT,
                "%s-%s-%06d%s.%s",
                part.slot().base(),
                time,
                sequence,
                part.slot().thread(),
                part.extension()));
    }

    /**
     * Gives a file its name, by a number and the time of its first frame; its slot must be locked, so that no one else gives
     * the same.
     */
    Path rename(Part part, long sequence, long firstNanos) throws IOException {
        Path name = wholeName(part, sequence, firstNanos);
        if (Files.exists(name)) {
            throw new IOException(name + " is there already");
        }
        Path index = RecordingIndex.beside(part.path());
        boolean indexed = Files.isRegularFile(index);
        if (indexed) { // first: a recording that is whole has its index
            Files.move(index, RecordingIndex.beside(name), StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            return Files.move(part.path(), name, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (indexed) {
                RecordingIndex.remove(name);
            }
            throw e;
        }
    }

    /** Has the names given so far on the disk. */
    void sync() throws IOException {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    List<Part> parts() throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Path file : files(".*.part")) {
            Matcher name = PART.matcher(file.getFileName().toString());
            if (name.matches()) {
                Slot slot = new Slot(name.group(1), name.group(3) == null ? "" : name.group(3));
                parts.add(new Part(file, slot, Long.parseLong(name.group(2)), name.group(4)));
            }
        }
        return parts;
    }

    /** The files of all threads whose names begin with {@code base}. */
    List<Whole> whole(String base) throws IOException {
        List<Whole> whole = new ArrayList<>();
        for (Path file : files("*.pcap*")) {
            Matcher name = WHOLE.matcher(file.getFileName().toString());
            if (name.matches() && name.group(1).equals(base)) {
                Slot slot = new Slot(base, name.group(3) == null ? "" : name.group(3));
                whole.add(new Whole(file, base, slot, Long.parseLong(name.group(2))));
            }
        }
        return whole;
    }

    /** The indexes that have the name of a file of a slot which is not there: their process was killed in between. */
    List<Path> indexesAlone(Slot slot) throws IOException {
        List<Path> alone = new ArrayList<>();
        for (Path file : files("*.index*")) {
            Matcher name = INDEX.matcher(file.getFileName().toString());
            if (name.matches()) {
                String thread = name.group(3) == null ? "" : name.group(3);
                String hidden = name.group(4) == null ? "" : name.group(4);
                Path recording = path.resolve(name.group("recording") + hidden);
                if (new Slot(name.group(2), thread).equals(slot) && Files.notExists(recording)) {
                    alone.add(file);
                }
            }
        }
        return alone;
    }

    private List<Path> files(String glob) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, glob)) {
            files.forEach(all::add);
        } catch (DirectoryIteratorException e) { // a disk that fails, as any other does
            throw e.getCause();
        }
        return all;
    }

    /** The highest number of a whole file whose name begins with {@code base}, 0 for none. */
    long lastSequence(String base) throws IOException {
        return whole(base).stream().mapToLong(Whole::sequence).max().orElse(0);
    }

    /** The highest number that a file of a slot may have, hidden or not, 0 for none. */
    long lastSequence(Slot slot) throws IOException {
        long hidden = parts().stream()
                .filter(part -> part.slot().equals(slot))
                .mapToLong(Part::sequence)
                .max()
                .orElse(0);
        return Math.max(hidden, lastSequence(slot.base()));
    }

    /** Bytes that this process may still write there; 0 if that cannot be told. */
    long usableBytes() {
        return path.toFile().getUsableSpace(); // not by FileStore, which looks for the mount: a sandbox may hide it
    }
}
