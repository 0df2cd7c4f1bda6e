package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording leaves in its folder where the process has no memory, or no thread, for it. */
class FileFinisherTest {
    private static final Slot SLOT = new Slot("w-uplink", "");

    private final PcapFormat format = new PcapFormat(RecordTrial.SNAPLEN);
    private RecordFolder folder;

    @TempDir
    private Path path;

    @BeforeEach
    void open() throws IOException {
        folder = new RecordFolder(path.toRealPath());
    }

    /** As a process whose limit of threads is reached. */
    private static Thread none(Runnable task) {
        throw new OutOfMemoryError("planted");
    }

    private FileFinisher open(ThreadFactory threads) throws IOException {
        RecordTrial recorder = RecordTrial.in(path);
        RecordSettings settings = RecordSettings.read(recorder.settings());
        RecordCounts counts = RecordCounts.of(recorder.context(), settings);
        NameLock lock = NameLock.take(folder.lockFiles(SLOT)).orElseThrow();
        try {
            return FileFinisher.open(folder, SLOT, lock, settings, recorder.context(), format, counts, threads);
        } catch (Error e) {
            lock.close();
            throw e;
        }
    }

    @Test
    void shouldLeaveNoFileWhereThereIsNoMemoryForItsHeader() throws Exception {
        Part part = folder.part(SLOT, 1, "pcap");
        assertThrows(NullPointerException.class, () -> LiveFile.create(part, null)); // in place of the Error
        assertEquals(List.of(), folder.parts());
    }

    @Test
    void shouldLeaveNoFileWhereThereIsNoThread() throws Exception {
        assertThrows(OutOfMemoryError.class, () -> open(FileFinisherTest::none));
        assertEquals(List.of(), folder.parts());
    }

    @Test
    void shouldLeaveNoFileWhereThereIsNoThreadForTheNextOne() throws Exception {
        boolean[] first = {true};
        FileFinisher files = open(task -> {
            if (!first[0]) {
                return none(task);
            }
            first[0] = false;
            return Thread.ofPlatform().daemon().unstarted(task);
        });
        assertThrows(OutOfMemoryError.class, files::next);
        assertEquals(List.of(), folder.parts());
        files.close();
        files.awaitEnd();
    }
}
