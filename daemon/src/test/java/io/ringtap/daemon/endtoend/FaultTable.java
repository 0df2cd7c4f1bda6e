package io.ringtap.daemon.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the fault cases have shown, a line a case, in a file that ./check prints. */
final class FaultTable {
    private static final Path FILE = Path.of("target", "faults.txt");

    private FaultTable() {}

    /** Adds a case, or what it has shown this time. */
    static void add(String fault, long sent, Books books, String worker, String lost) {
        add(fault, sent, books.delivered(worker), books.unaccounted(), lost);
    }

    /**
     * Adds a case, or what it has shown this time.
     *
     * @param sent frames sent to the interface
     * @param delivered frames that the worker which the case is about handled
     * @param lost the others: how many, and at which stage
     */
    static void add(String fault, long sent, long delivered, long unaccounted, String lost) {
        String name = String.format(Locale.ROOT, "%-34s ", fault);
        try (FileChannel table = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = table.lock()) { // other cases run in JVMs beside this one
            List<String> lines = new ArrayList<>(Files.readAllLines(FILE));
            lines.removeIf(line -> line.startsWith(name));
            lines.add(name + String.format(Locale.ROOT, "%,10d %,10d %11d  %s", sent, delivered, unaccounted, lost));
            Files.write(FILE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
