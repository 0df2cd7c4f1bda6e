package io.ringtap.daemon.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The machine that is looked at: its files, below a root that a test makes, and what only the kernel answers. Any thread. */
final class Machine {
    private final Path root;
    private final Answers answers;

    Machine(Path root, Answers answers) {
        this.root = root;
        this.answers = answers;
    }

    /** The one that this process runs on. */
    static Machine here() {
        return new Machine(Path.of("/"), new KernelAnswers());
    }

    Answers answers() {
        return answers;
    }

    /** Returns a file below the root, of its path on the machine. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    boolean has(String path) {
        return Files.exists(file(path));
    }

    /** Returns what a file holds, without space around it; absent if it cannot be read. */
    Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(file(path)).strip());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Returns the lines of a file; none if it cannot be read. */
    List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    /** Returns the number that a file holds; absent if it holds none. */
    OptionalLong number(String path) {
        return text(path).filter(text -> text.matches("\\d{1,18}")).stream()
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** Returns the names in a folder, sorted; none if it cannot be read. */
    List<String> names(String folder) {
        try (Stream<Path> files = Files.list(file(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Returns a value of a file of lines {@code KEY: VALUE}, such as /proc/self/status. */
    Optional<String> field(String path, String key) {
        return lines(path).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }

    /** Returns what a symbolic link says. */
    Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(file(path)).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
