package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.facts;
import static io.ringtap.handler.record.RecordTrial.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What frames wait for when a file ends: nothing, though it takes long until it has its name. */
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
        Path rename(Part part, long sequence, long firstNanos) throws IOException {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.rename(part, sequence, firstNanos);
        }
    }

    /** A folder on a disk that does not write down the names that files are given. */
    private final class UnsyncedFolder extends RecordFolder {
        UnsyncedFolder() throws IOException {
            super(path.toRealPath());
        }

        @Override
        void sync() throws IOException {
            throw new IOException("planted");
        }
    }

    @Test
    void shouldWriteOnWhileFilesThatHaveEndedWaitForTheDisk() throws Exception {
        Recording recording = new Recording(new SlowFolder());
        recording.put(ROTATIONS);
        assertEquals(List.of(), new RecordedFolder(path).wholeNames(), "none has its name yet");
        go.countDown();
        recording.end();
        assertWhole();
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void shouldCountFilesThatHaveTheirNamesThoughTheFolderIsNotSynced() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            Recording recording = new Recording(new UnsyncedFolder());
            recording.put(ROTATIONS);
            recording.end();
        } finally {
            System.setErr(before);
        }
        assertWhole();
        List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(ROTATIONS, lines.size(), lines.toString());
        String complaint = "syncing " + path.toRealPath() + " failed: planted";
        assertTrue(lines.stream().allMatch(line -> line.contains(complaint)), lines.toString());
    }

    private void assertWhole() {
        RecordedFolder recorded = new RecordedFolder(path);
        assertEquals(Collections.nCopies(ROTATIONS, 1L), recorded.counts());
        assertEquals(List.of(), recorded.parts());
        assertEquals(ROTATIONS, context.value("written", "files"));
    }

    /** What records into a folder, from the queue on. */
    private final class Recording {
        private final RecordSettings settings =
                RecordSettings.read(RecordTrial.in(path).settings());
        private final FileFormat format = new PcapngFormat(context.capture());
        private final RecordCounts counts = RecordCounts.of(context, settings);
        private final ChunkQueue queue = new ChunkQueue(2);
        private final FileFinisher files;
        private final ChunkWriter writer;

        Recording(RecordFolder folder) throws Exception {
            NameLock lock = NameLock.take(folder.lockFiles(SLOT)).orElseThrow();
            files = FileFinisher.open(
                    folder,
                    SLOT,
                    lock,
                    settings,
                    context,
                    format,
                    counts,
                    Thread.ofPlatform().factory());
            writer = new ChunkWriter(settings, "writer", queue, files, folder, format, null, context, counts);
            writer.start();
        }

        /** So many frames, each the last of its file; until they are written. */
        void put(int frames) throws InterruptedException {
            for (int i = 0; i < frames; i++) {
                RotationTest.put(queue, format, frame(60, START_NANOS + i));
            }
            VethPair.await(() -> counts.frames().value() == frames);
        }

        /** No more frames: until every file is finished. */
        void end() throws InterruptedException {
            queue.close();
            writer.join();
            files.awaitEnd();
        }
    }

    /** A frame that is the last of its file. */
    private static void put(ChunkQueue queue, FileFormat format, Frame frame) throws InterruptedException {
        Chunk chunk = queue.exchange(null);
        format.put(frame, frame.length(), chunk.bytes, 0);
        chunk.filled = format.recordBytes(frame.length());
        chunk.frames = 1;
        chunk.fileEnd = FileEnd.FRAMES;
        queue.handOver(chunk);
    }
}
