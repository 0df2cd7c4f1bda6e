package io.ringtap.handler.record;

import io.ringtap.frame.FileMode;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of one thread's recording as they come into its folder, each after room was made for it. The threads of a handler
 * keep to one limit together: from the look at what is there until the file is, the others wait.
 */
final class KeptFiles {
    /** One for each limit and base that this process ever recorded under; all threads of a handler are in it. */
    private static final Map<Turn, Turn> TURNS = new ConcurrentHashMap<>();

    /** The monitor that a file comes under; where there is no limit, nobody else's. */
    private record Turn(Path folder, String base, String limit) {
        private static Turn of(RecordFolder folder, String base, String limit, long most) {
            Turn turn = new Turn(folder.path(), base, limit);
            return most == 0 ? turn : TURNS.computeIfAbsent(turn, same -> same);
        }
    }

    /**
     * The numbers of files whose names have one base, which all its threads draw as their files end: they say which is older,
     * however the clock is set.
     */
    private record Numbers(AtomicLong last) {
        private static final Map<Path, Numbers> ALL = new ConcurrentHashMap<>();

        /** Goes on behind those that are in the folder now. */
        static Numbers of(RecordFolder folder, String base) throws IOException {
            Numbers numbers = ALL.computeIfAbsent(folder.path().resolve(base), _ -> new Numbers(new AtomicLong()));
            numbers.last.accumulateAndGet(folder.lastSequence(base), Math::max);
            return numbers;
        }

        /** A file that its process did not end keeps its number, unless others have come by it meanwhile. */
        long next(Part part) {
            return last.accumulateAndGet(part.sequence(), (before, hidden) -> Math.max(before + 1, hidden));
        }
    }

    /** Makes room by removing old files. */
    private interface Removal {
        int run(RecordFolder folder, String base) throws IOException;
    }

    private final RecordFolder folder;
    private final Slot slot;
    private final KeepLimit keep;
    private final FileMode mode;
    private final boolean indexed;
    private final RecordCounts counts;
    private final DiskComplaints complaints;
    private final AtomicLong parts;
    private final Numbers numbers;
    private final Turn partTurn;
    private final Turn wholeTurn;
    private final RecordedFiles recorded;

    KeptFiles(
            RecordFolder folder,
            Slot slot,
            KeepLimit keep,
            FileMode mode,
            boolean indexed,
            RecordCounts counts,
            DiskComplaints complaints)
            throws IOException {
        this.folder = folder;
        this.slot = slot;
        this.keep = keep;
        this.mode = mode;
        this.indexed = indexed;
        this.counts = counts;
        this.complaints = complaints;
        parts = new AtomicLong(folder.lastSequence(slot));
        numbers = Numbers.of(folder, slot.base());
        partTurn = Turn.of(folder, slot.base(), "keep-bytes", keep.bytes());
        wholeTurn = Turn.of(folder, slot.base(), "keep-files", keep.files());
        recorded = new RecordedFiles(folder.path());
        recorded.begin(folder.whole(slot.base()).stream()
                .filter(file -> file.slot().equals(slot))
                .toList());
    }

    /** The newest files of this thread, to be told. */
    RecordedFiles recorded() {
        return recorded;
    }

    /** A new file under a hidden name. */
    LiveFile create(FileFormat format, Compression compression) throws IOException {
        String extension = format.extension() + compression.suffix();
        Part part = folder.part(slot, parts.incrementAndGet(), extension);
        synchronized (partTurn) {
            makeRoom(keep::makeRoomForPart);
            LiveFile file = LiveFile.create(
                    part,
                    compression.beginning(format.header()),
                    indexed ? LiveIndex.of(part, mode, complaints) : LiveIndex.none(part, complaints));
            giveMode(part);
            return file;
        }
    }

    /** A file that another process has left, and that was cut to its last whole record, gets its index, or none. */
    void index(Part part, long headerBytes) throws IOException {
        if (indexed && !part.isCompressed()) {
            LiveIndex.remake(part, headerBytes, mode, complaints);
        } else {
            LiveIndex.none(part, complaints).discard();
        }
    }

    /** A file system that has no modes is no reason not to record. */
    private void giveMode(Part part) {
        try {
            mode.give(part.path());
        } catch (IOException e) {
            complaints.tell("cannot give " + part.path() + " the mode that is configured", e);
        }
    }

    /** Gives a whole file its name; to the file of another handler, which keeps to a limit of its own, too. */
    Path name(Part part, long firstNanos) throws IOException {
        if (!part.slot().base().equals(slot.base())) {
            long number = Numbers.of(folder, part.slot().base()).next(part);
            return folder.rename(part, number, firstNanos);
        }
        synchronized (wholeTurn) {
            makeRoom(keep::makeRoomForWhole);
            Path name = folder.rename(part, numbers.next(part), firstNanos);
            recorded.add(name);
            return name;
        }
    }

    private void makeRoom(Removal removal) {
        try {
            counts.remove(removal.run(folder, slot.base()));
        } catch (IOException e) {
            complaints.tell("cannot remove old files from " + folder.path(), e);
        }
    }
}
