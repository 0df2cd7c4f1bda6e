package io.ringtap.handler.record;

import io.ringtap.handler.record.RecordFolder.Whole;
import io.ringtap.handler.record.index.RecordingIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The most files and bytes to keep of those whose names have one base. The oldest go first, by the
 * numbers in their names: a clock may be put back. Several threads may keep to the same limit: all see the same files, and
 * agree on which is the oldest.
 *
 * @param files whole files; 0 for any number
 * @param bytes of whole files, and of those being written at their longest; 0 for any number
 * @param fileBytes the longest a file gets, with its index
 */
record KeepLimit(long files, long bytes, long fileBytes) {
    private record Sized(Whole file, long bytes) {}

    /** In each thread, a file is written, one is prepared, and one may wait to be finished: they count too. */
    static long leastBytes(int threads, long fileBytes) {
        return 3L * threads * fileBytes;
    }

    /** Returns how many files of a thread, at most {@code most}, may wait to be finished. */
    int mostUnfinished(int threads, int most) {
        return bytes == 0 ? most : Math.clamp(bytes / fileBytes / threads - 2, 1, most);
    }

    /** Makes room for one more whole file; gives the number of files removed. */
    int makeRoomForWhole(RecordFolder folder, String base) throws IOException {
        return files == 0 ? 0 : remove(sized(folder.whole(base)), files - 1, Long.MAX_VALUE);
    }

    /** Makes room for one more file to be written; gives the number of files removed. */
    int makeRoomForPart(RecordFolder folder, String base) throws IOException {
        if (bytes == 0) {
            return 0;
        }
        long parts = folder.parts().stream()
                .filter(part -> part.slot().base().equals(base))
                .count();
        return remove(sized(folder.whole(base)), Long.MAX_VALUE, bytes - (parts + 1) * fileBytes);
    }

    private static int remove(List<Sized> oldestFirst, long mostFiles, long mostBytes) throws IOException {
        long left = oldestFirst.stream().mapToLong(Sized::bytes).sum();
        int gone = 0;
        int removed = 0;
        while (gone < oldestFirst.size() && (oldestFirst.size() - gone > mostFiles || left > mostBytes)) {
            Sized oldest = oldestFirst.get(gone++);
            removed += Files.deleteIfExists(oldest.file().path()) ? 1 : 0; // the other limit may have taken it
            RecordingIndex.remove(oldest.file().path());
            left -= oldest.bytes();
        }
        return removed;
    }

    private static List<Sized> sized(List<Whole> files) throws IOException {
        List<Whole> oldestFirst = new ArrayList<>(files);
        oldestFirst.sort(Comparator.comparingLong(Whole::sequence).thenComparing(Whole::path));
        List<Sized> sized = new ArrayList<>();
        for (Whole file : oldestFirst) {
            try {
                sized.add(new Sized(file, Files.size(file.path()) + RecordingIndex.bytes(file.path())));
            } catch (NoSuchFileException e) {
                // another thread has just removed it
            }
        }
        return sized;
    }
}
