package io.ringtap.daemon.find;

import io.ringtap.capture.DiskFault;
import io.ringtap.ledger.Gauge;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The frames that are wanted of several files, in the order of their times: files that follow one another are read one after the other,
 * those that overlap are merged; the frames of a file stay in its order. A file that cannot be read, or not on, is told of, and the
 * others go on. One thread, but for {@link #progress}.
 */
public final class Search implements Closeable {
    private static final double NANOS = 1e9;

    /** A file whose turn has not come, or that has a frame that waits. */
    private record Turn(SearchedFile file, long nanos, int index) {}

    private static final Comparator<Turn> BY_TIME =
            Comparator.comparingLong(Turn::nanos).thenComparingInt(Turn::index);

    private final Wanted wanted;
    private final boolean firstAlone;
    private final Consumer<String> complaints;
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final PriorityQueue<Turn> open = new PriorityQueue<>(BY_TIME);
    private final List<FoundIn> found = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private Turn current; // null: to be found out
    private boolean failed;
    private int files;
    private int scanned;
    private long plannedBytes;
    private final Gauge readBytes = new Gauge();

    private Search(Wanted wanted, boolean firstAlone, Consumer<String> complaints) {
        this.wanted = wanted;
        this.firstAlone = firstAlone;
        this.complaints = complaints;
    }

    /**
     * Opens the files, and asks their indexes.
     *
     * @param origins files, and folders of them
     * @param except files that are left out, by their real paths
     * @param firstAlone whether a file is left after one frame of it
     * @param complaints takes a line for what is not as it should be
     * @throws IOException if a folder cannot be read, or no file is there
     */
    public static Search open(
            List<Path> origins, Set<Path> except, Wanted wanted, boolean firstAlone, Consumer<String> complaints)
            throws IOException {
        Search search = new Search(wanted, firstAlone, complaints);
        try {
            search.openAll(origins, except);
            return search;
        } catch (IOException | RuntimeException | Error e) {
            search.close();
            throw e;
        }
    }

    private void openAll(List<Path> origins, Set<Path> except) throws IOException {
        List<Turn> turns = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        boolean again = true;
        while (again) { // a hidden file that gets its name meanwhile is found under that
            again = false;
            for (Path path : Recordings.of(origins)) {
                try {
                    Object key = key(path);
                    if (!except.contains(path.toRealPath()) && !seen.contains(key)) {
                        openFile(path, turns);
                        seen.add(key); // behind it: one that got its name meanwhile is still to be opened
                    }
                } catch (NoSuchFileException e) {
                    boolean isListed = !origins.contains(path);
                    again |= isListed;
                    if (!isListed) {
                        throw new IOException(path + ": there is no such file or folder", e);
                    }
                }
            }
        }
        turns.sort(BY_TIME);
        waiting.addAll(turns);
        for (Turn turn : turns) {
            plannedBytes += turn.file().plannedBytes();
        }
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    private void openFile(Path path, List<Turn> turns) throws NoSuchFileException {
        files++;
        try {
            SearchedFile file = SearchedFile.open(
                    path, wanted, this::read, (of, why) -> complaints.accept(of + ": its index is not used: " + why));
            scanned += file.isIndexed() ? 0 : 1;
            try {
                turns.add(new Turn(file, file.earliestNanos(), turns.size()));
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            files--;
            throw e;
        } catch (IOException e) {
            fail(path, e);
        }
    }

    private void read(long count) {
        readBytes.set(readBytes.value() + count);
    }

    private void fail(Path path, IOException e) {
        failed = true;
        complaints.accept("cannot read capture file " + path + ": " + DiskFault.reason(e));
    }

    /** How many files there are. */
    public int files() {
        return files;
    }

    /** How many of them have no index, and are read whole. */
    public int scanned() {
        return scanned;
    }

    /** Returns whether a file could not be read, or not to its end. */
    public boolean hasFailed() {
        return failed;
    }

    /** Goes on to the next frame; false if there is none. */
    public boolean next() {
        if (current != null) {
            Turn turn = current;
            current = null;
            if (firstAlone) {
                turn.file().leave();
                end(turn);
            } else {
                Turn next = advanced(turn);
                if (next != null && isBeforeOthers(next)) {
                    current = next;
                    return true;
                } else if (next != null) {
                    open.add(next);
                }
            }
        }
        while (!waiting.isEmpty()
                && (open.isEmpty()
                        || waiting.element().nanos() <= open.element().nanos())) {
            Turn next = advanced(waiting.remove());
            if (next != null) {
                open.add(next);
            }
        }
        current = open.poll();
        return current != null;
    }

    /** A file at its next frame; null if it has ended. */
    private Turn advanced(Turn turn) {
        try {
            if (turn.file().next()) {
                return new Turn(turn.file(), turn.file().frame().nanos(), turn.index());
            }
            if (turn.file().isCutShort()) {
                tellCut(turn);
            }
        } catch (EOFException e) { // of what is compressed
            tellCut(turn);
        } catch (IOException e) {
            fail(turn.file().path(), e);
        }
        end(turn);
        return null;
    }

    private void tellCut(Turn turn) {
        complaints.accept(turn.file().path() + " ends within a record: it was cut short, or still grows");
    }

    private boolean isBeforeOthers(Turn turn) {
        return (open.isEmpty() || BY_TIME.compare(turn, open.element()) < 0)
                && (waiting.isEmpty() || turn.nanos() < waiting.element().nanos());
    }

    private void end(Turn turn) {
        if (turn.file().found().frames() > 0) {
            found.add(turn.file().found());
        }
        close(turn);
    }

    private void close(Turn turn) {
        try {
            turn.file().close();
        } catch (IOException e) {
            fail(turn.file().path(), e);
        }
    }

    /** The frame that it is at. */
    FrameScan frame() {
        return current.file().frame();
    }

    /** The files that have ended in which something was found, by the time of the first. */
    public List<FoundIn> found() {
        return found.stream()
                .sorted(Comparator.comparingLong(FoundIn::firstNanos).thenComparing(FoundIn::path))
                .toList();
    }

    /** Bytes read so far. */
    public long readBytes() {
        return readBytes.value();
    }

    /** Such as {@code 43 % of 12 files read, 12 s left}; any thread. */
    public String progress() {
        long read = readBytes.value();
        if (read == 0 || plannedBytes <= read) {
            return "";
        }
        double elapsed = (System.nanoTime() - startNanos) / NANOS;
        return String.format(
                Locale.ROOT,
                "%d %% of %d files read, %.0f s left",
                100 * read / plannedBytes,
                files,
                elapsed * (plannedBytes - read) / read);
    }

    @Override
    public void close() {
        waiting.forEach(this::close);
        open.forEach(this::close);
        if (current != null) {
            close(current);
        }
        waiting.clear();
        open.clear();
        current = null;
    }
}
