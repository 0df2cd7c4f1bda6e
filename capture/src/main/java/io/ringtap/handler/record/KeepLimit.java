package io.ringtap.handler.record;

import io.ringtap.handler.record.RecordFolder.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The most files and bytes to keep of those whose names have one base. The oldest go first. Several threads may keep to the
 * same limit: all see the same files, and agree on which is the oldest.
 *
 * @param files whole files; 0 for any number
 * @param bytes of whole files, and of those being written at their longest; 0 for any number
 * @param reservedBytes what those being written may take at the most
 */
record KeepLimit(long files, long bytes, long reservedBytes) {
    private record Aged(Whole file, long bytes, FileTime time) {}

    /** Makes room for one more whole file of a length; gives the number of files removed. */
    int makeRoom(RecordFolder folder, String base, long newBytes) throws IOException {
        if (files == 0 && bytes == 0) {
            return 0;
        }
        List<Aged> oldestFirst = aged(folder.whole(base));
        long total = newBytes + oldestFirst.stream().mapToLong(Aged::bytes).sum();
        int removed = 0;
        while (removed < oldestFirst.size() && isTooMuch(oldestFirst.size() - removed + 1L, total)) {
            Aged oldest = oldestFirst.get(removed++);
            Files.deleteIfExists(oldest.file().path());
            total -= oldest.bytes();
        }
        return removed;
    }

    private boolean isTooMuch(long count, long total) {
        return (files > 0 && count > files) || (bytes > 0 && total + reservedBytes > bytes);
    }

    private static List<Aged> aged(List<Whole> files) throws IOException {
        List<Aged> aged = new ArrayList<>();
        for (Whole file : files) {
            try {
                aged.add(new Aged(file, Files.size(file.path()), Files.getLastModifiedTime(file.path())));
            } catch (NoSuchFileException e) {
                // another thread has just removed it
            }
        }
        aged.sort(Comparator.comparing(Aged::time)
                .thenComparingLong(one -> one.file().sequence()));
        return aged;
    }
}
