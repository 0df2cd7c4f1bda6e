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

    /** Makes room by removing old files. */
    private interface Removal {
        int run(RecordFolder folder, String base) throws IOException;
    }

    private final RecordFolder folder;
    private final Slot slot;
    private final KeepLimit keep;
    private final FileMode mode;
    private final RecordCounts counts;
    private final DiskComplaints complaints;
    private final AtomicLong sequence;
    private final Turn partTurn;
    private final Turn wholeTurn;

    KeptFiles(
            RecordFolder folder,
            Slot slot,
            KeepLimit keep,
            FileMode mode,
            RecordCounts counts,
            DiskComplaints complaints)
            throws IOException {
        this.folder = folder;
        this.slot = slot;
        this.keep = keep;
        this.mode = mode;
        this.counts = counts;
        this.complaints = complaints;
        sequence = new AtomicLong(folder.lastSequence(slot));
        partTurn = Turn.of(folder, slot.base(), "keep-bytes", keep.bytes());
        wholeTurn = Turn.of(folder, slot.base(), "keep-files", keep.files());
    }

    /** A new file under a hidden name. */
    LiveFile create(FileFormat format) throws IOException {
        Part part = folder.part(slot, sequence.incrementAndGet(), format.extension());
        synchronized (partTurn) {
            makeRoom(keep::makeRoomForPart);
            LiveFile file = LiveFile.create(part, format.header());
            giveMode(part);
            return file;
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
            return folder.rename(part, firstNanos);
        }
        synchronized (wholeTurn) {
            makeRoom(keep::makeRoomForWhole);
            return folder.rename(part, firstNanos);
        }
    }

    private void makeRoom(Removal removal) {
        try {
            counts.removed().add(removal.run(folder, slot.base()));
        } catch (IOException e) {
            complaints.tell("cannot remove old files from " + folder.path(), e);
        }
    }
}
