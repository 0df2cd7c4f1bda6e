package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.facts;
import static io.ringtap.handler.record.RecordTrial.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What frames wait for when a file ends: nothing, though it takes long until it has its name. */
@Timeout(60)
class RotationTest {
    private static final int ROTATIONS = 6;
    private static final Slot SLOT = new Slot("w-uplink", "");

    private final CountDownLatch go = new CountDownLatch(1);
    private final TestContext context = new TestContext("uplink", "w", 0).capturing(facts(""), 1);

    @TempDir
    private Path path;

    /** A folder on a disk that takes long to give a file its name. */
    private final class SlowFolder extends RecordFolder {
        SlowFolder() throws IOException {
            super(path.toRealPath());
        }

        @Override
        Path rename(Part part, long firstNanos) throws IOException {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.rename(part, firstNanos);
        }
    }

    @Test
    void shouldWriteOnWhileFilesThatHaveEndedWaitForTheDisk() throws Exception {
        RecordSettings settings = RecordSettings.read(RecordTrial.in(path).settings());
        FileFormat format = new PcapngFormat(context.capture());
        RecordCounts counts = RecordCounts.of(context);
        ChunkQueue queue = new ChunkQueue(2);
        RecordFolder folder = new SlowFolder();
        SlotLock lock = SlotLock.take(folder.lockFile(SLOT)).orElseThrow();
        FileFinisher files = FileFinisher.open(folder, SLOT, lock, settings, context, format, counts, "files");
        ChunkWriter writer = new ChunkWriter(settings, "writer", queue, files, folder, format, context, counts);
        writer.start();
        for (int i = 0; i < ROTATIONS; i++) {
            put(queue, format, frame(60, START_NANOS + i));
        }
        VethPair.await(() -> counts.frames().value() == ROTATIONS);
        RecordedFolder recorded = new RecordedFolder(path);
        assertEquals(List.of(), recorded.wholeNames(), "none has its name yet");
        go.countDown();
        queue.close();
        writer.join();
        files.awaitEnd();
        assertEquals(Collections.nCopies(ROTATIONS, 1L), recorded.counts());
        assertEquals(List.of(), recorded.parts());
    }

    /** A frame that is the last of its file. */
    private static void put(ChunkQueue queue, FileFormat format, Frame frame) throws InterruptedException {
        Chunk chunk = queue.exchange(null);
        format.put(frame, chunk.bytes, 0);
        chunk.filled = format.recordBytes(frame.length());
        chunk.frames = 1;
        chunk.fileEnd = FileEnd.FRAMES;
        queue.handOver(chunk);
    }
}
