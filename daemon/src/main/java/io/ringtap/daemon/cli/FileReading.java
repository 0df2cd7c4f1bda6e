package io.ringtap.daemon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How much of its large files this process has read, whoever reads them: by the positions in /proc/self/fdinfo, proc(5). A file that
 * is open several times counts by its greatest.
 */
final class FileReading {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path POSITIONS = Path.of("/proc/self/fdinfo");

    /** Smaller ones are read before anybody asks. */
    private static final long LEAST_BYTES = 1L << 20;

    private static final double NANOS = 1e9;

    private final Predicate<Path> wanted;
    private final LongSupplier nanoTime;
    private final long startNanos;

    /** A file that is being read. */
    private record Part(long position, long size) {}

    /** From now on, of files whose real paths are wanted. */
    FileReading(Predicate<Path> wanted, LongSupplier nanoTime) {
        this.wanted = wanted;
        this.nanoTime = nanoTime;
        startNanos = nanoTime.getAsLong();
    }

    /** From now on, of what is no part of Java or ringtap. */
    static FileReading ofAny() {
        return new FileReading(
                path -> !path.toString().endsWith(".jar") && !path.toString().contains("/lib/"), System::nanoTime);
    }

    /** From now on, of certain files. */
    static FileReading of(List<Path> files) {
        List<Path> real = files.stream().map(FileReading::realPath).toList();
        return new FileReading(real::contains, System::nanoTime);
    }

    private static Path realPath(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }

    /** Such as {@code reading trace.pcapng: 43 %, 12 s left}; empty if nothing is being read, or all has been. */
    String line() {
        Map<Path, Part> parts = parts();
        long position = parts.values().stream().mapToLong(Part::position).sum();
        long size = parts.values().stream().mapToLong(Part::size).sum();
        if (position == 0 || position >= size) {
            return "";
        }
        double elapsed = (nanoTime.getAsLong() - startNanos) / NANOS;
        String name = parts.size() == 1
                ? parts.keySet().iterator().next().getFileName().toString().replaceAll("\\p{Cntrl}", "?")
                : parts.size() + " files";
        return String.format(
                Locale.ROOT,
                "reading %s: %d %%, %.0f s left",
                name,
                100 * position / size,
                elapsed * (size - position) / position);
    }

    private Map<Path, Part> parts() {
        Map<Path, Part> parts = new HashMap<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            descriptors.forEach(descriptor -> add(parts, descriptor));
        } catch (IOException | UncheckedIOException e) {
            return parts; // as much as could be seen
        }
        return parts;
    }

    private void add(Map<Path, Part> parts, Path descriptor) {
        try {
            Path file = Files.readSymbolicLink(descriptor);
            if (!file.isAbsolute() || !Files.isRegularFile(file) || !wanted.test(file)) {
                return;
            }
            List<String> facts = Files.readAllLines(POSITIONS.resolve(descriptor.getFileName()));
            boolean reads = fact(facts, "flags").endsWith("0"); // O_RDONLY
            long size = Files.size(file);
            if (reads && size >= LEAST_BYTES) {
                Part part = new Part(Math.min(size, Long.parseLong(fact(facts, "pos"))), size);
                parts.merge(file, part, (one, other) -> one.position() > other.position() ? one : other);
            }
        } catch (IOException | NumberFormatException e) {
            // closed since it was listed
        }
    }

    private static String fact(List<String> facts, String name) {
        return facts.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
