package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.handler.record.index.RecordingIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files under hidden names that a killed process left. */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.record");

    private final RecordFolder folder;
    private final KeptFiles kept;
    private final RecordCounts counts;

    Leftovers(RecordFolder folder, KeptFiles kept, RecordCounts counts) {
        this.folder = folder;
        this.kept = kept;
        this.counts = counts;
    }

    /** Cuts files of a slot that is locked to their last whole record, and gives them their names. */
    void recover(List<Part> parts) {
        for (Part part : parts) {
            try {
                recover(part);
            } catch (IOException e) {
                LOG.error("record: {} was left behind, and stays: {}", part.path(), DiskFault.reason(e));
            }
        }
    }

    /** Removes the indexes of a slot that is locked whose files are not there. */
    void removeIndexesAlone(Slot slot) {
        try {
            for (Path index : folder.indexesAlone(slot)) {
                Files.deleteIfExists(index);
            }
        } catch (IOException e) {
            LOG.error("record: cannot look for indexes in {}: {}", folder.path(), DiskFault.reason(e));
        }
    }

    private void recover(Part part) throws IOException {
        long cut;
        WholeRecords records;
        try (FileChannel channel = FileChannel.open(part.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            records = WholeRecords.of(channel, part.extension());
            cut = channel.size() - records.end();
            if (records.frames() > 0) {
                records.cut(channel);
                channel.force(true);
            }
        }
        if (records.frames() == 0) {
            Files.delete(part.path());
            RecordingIndex.remove(part.path());
            return;
        }
        kept.index(part, records.headerBytes());
        Path name = kept.name(part, records.firstNanos());
        counts.recovered().add(1);
        LOG.warn(
                "record: {} was left behind by an earlier run: {} frames, {} bytes cut off",
                name,
                records.frames(),
                cut);
    }

    /** Does the same for the slots of other handlers, those that nobody has locked. */
    void recoverOthers(Slot own) throws IOException {
        List<Slot> slots = folder.parts().stream().map(Part::slot).distinct().toList();
        for (Slot slot : slots) {
            if (own.covers(slot)) {
                continue;
            }
            Optional<NameLock> taken = NameLock.take(List.of(folder.lockFile(slot)));
            if (taken.isPresent()) {
                try (NameLock _ = taken.get()) {
                    recover(folder.parts().stream()
                            .filter(part -> part.slot().equals(slot))
                            .toList());
                    removeIndexesAlone(slot);
                }
            }
        }
    }
}
