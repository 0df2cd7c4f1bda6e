package io.ringtap.daemon.endtoend;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        // Other cases run in JVMs beside this one. Linux drops the lock with the first descriptor of the file that is
        // closed.
        try (RandomAccessFile table = new RandomAccessFile(FILE.toFile(), "rw");
                FileLock _ = table.getChannel().lock()) {
            byte[] before = new byte[(int) table.length()];
            table.readFully(before);
            StringBuilder after = new StringBuilder();
            new String(before, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith(name))
                    .forEach(line -> after.append(line).append('\n'));
            String counts = String.format(Locale.ROOT, "%,10d %,10d %11d  %s", sent, delivered, unaccounted, lost);
            after.append(name).append(counts).append('\n');
            table.setLength(0);
            table.write(after.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
