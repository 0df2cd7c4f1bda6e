package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.lang.Thread.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What threads of one handler keep together, where all of them end a file at the same moment. */
class KeptFilesTest {
    private static final int THREADS = 3;
    private static final int KEPT = 3;
    private static final int FILE_BYTES = 65_536;
    private static final PcapFormat FORMAT = new PcapFormat(RecordTrial.SNAPLEN);

    private final AtomicInteger arrivals = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private volatile boolean meeting;

    private final AtomicInteger mostFiles = new AtomicInteger();
    private RecordCounts counts;

    @TempDir
    private Path path;

    @BeforeEach
    void count() {
        counts = RecordCounts.of(
                RecordTrial.in(path).context(),
                RecordSettings.read(RecordTrial.in(path).settings()));
    }

    /** A folder in which threads meet when each has looked what is there. */
    private final class MeetingFolder extends RecordFolder {
        MeetingFolder() throws IOException {
            super(path.toRealPath());
        }

        @Override
        Path rename(Part part, long sequence, long firstNanos) throws IOException {
            meet();
            Path name = super.rename(part, sequence, firstNanos);
            mostFiles.accumulateAndGet(whole("w").size(), Math::max);
            return name;
        }

        @Override
        List<Part> parts() throws IOException {
            List<Part> parts = super.parts();
            meet();
            return parts;
        }

        private void meet() {
            if (!meeting) {
                return;
            }
            int all = (arrivals.getAndIncrement() / THREADS + 1) * THREADS;
            VethPair.await(() -> arrivals.get() >= all || othersWait());
        }

        /** Whether each of the others has come to where it waits, here or for this one, or has nothing more to do. */
        private boolean othersWait() {
            return threads.size() == THREADS
                    && threads.stream()
                            .filter(thread -> !thread.equals(Thread.currentThread()))
                            .noneMatch(thread -> thread.getState() == State.NEW || thread.getState() == State.RUNNABLE);
        }
    }

    private List<KeptFiles> ofEachThread(KeepLimit keep) throws IOException {
        List<KeptFiles> all = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Slot slot = new Slot("w", "-t" + thread);
            all.add(new KeptFiles(
                    new MeetingFolder(),
                    slot,
                    keep,
                    FileMode.read(HandlerSettings.none()),
                    false,
                    counts,
                    new DiskComplaints(System::nanoTime)));
        }
        return all;
    }

    private <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS, this::thread)) {
            for (Future<T> done : executor.invokeAll(tasks)) {
                results.add(done.get());
            }
        }
        return results;
    }

    private Thread thread(Runnable task) {
        Thread thread = Thread.ofPlatform().unstarted(task);
        threads.add(thread);
        return thread;
    }

    private static Path name(KeptFiles kept, LiveFile file) throws IOException {
        file.close();
        return kept.name(file.part(), RecordTrial.START_NANOS);
    }

    @Test
    void shouldNeverHoldMoreThanTheFilesToKeepThoughAllThreadsEndOneAtOnce() throws Exception {
        List<KeptFiles> all = ofEachThread(new KeepLimit(KEPT, 0, 0));
        for (KeptFiles kept : all) {
            name(kept, kept.create(FORMAT, Compression.NONE));
        }
        meeting = true;
        List<Callable<Path>> ends = new ArrayList<>();
        for (KeptFiles kept : all) {
            LiveFile file = kept.create(FORMAT, Compression.NONE);
            ends.add(() -> name(kept, file));
        }
        for (Path name : atOnce(ends)) {
            assertTrue(Files.exists(name), "the newest are kept");
        }
        assertEquals(KEPT, mostFiles.get());
        assertEquals(KEPT, counts.removed().value());
    }

    @Test
    void shouldNeverHoldMoreThanTheBytesToKeepThoughAllThreadsBeginAFileAtOnce() throws Exception {
        int fit = 3 * THREADS;
        KeepLimit keep = new KeepLimit(0, (long) fit * FILE_BYTES, FILE_BYTES);
        List<KeptFiles> all = ofEachThread(keep);
        for (int i = 0; i < fit - 1; i++) {
            Files.write(path.resolve("w-20200101T000000.000000Z-%06d-t9.pcap".formatted(i)), new byte[FILE_BYTES]);
        }
        meeting = true;
        List<Callable<LiveFile>> begins = new ArrayList<>();
        for (KeptFiles kept : all) {
            begins.add(() -> kept.create(FORMAT, Compression.NONE));
        }
        for (LiveFile file : atOnce(begins)) {
            file.close();
        }
        RecordFolder folder = new RecordFolder(path.toRealPath());
        assertEquals(THREADS, folder.parts().size());
        assertEquals(fit - THREADS, folder.whole("w").size(), "so that each that was begun can get as long as it may");
    }

    @Test
    void shouldCountWhatAnEarlierRunLeftAmongTheFilesToKeep() throws Exception {
        KeptFiles kept = ofEachThread(new KeepLimit(KEPT, 0, 0)).getFirst();
        for (int i = 0; i < KEPT; i++) {
            name(kept, kept.create(FORMAT, Compression.NONE));
        }
        RecordFolder folder = new RecordFolder(path.toRealPath());
        LiveFile left = LiveFile.create(folder.part(new Slot("w", "-t7"), 1, "pcap"), FORMAT.header());
        Chunk chunk = new Chunk();
        FORMAT.put(RecordTrial.frame(60, RecordTrial.START_NANOS), 60, chunk.bytes, 0);
        chunk.filled = FORMAT.recordBytes(60);
        chunk.frames = 1;
        chunk.publish();
        left.append(chunk, chunk.published(), FORMAT);
        left.close();
        new Leftovers(folder, kept, counts).recover(folder.parts());
        assertEquals(KEPT, folder.whole("w").size());
        assertEquals(1, counts.recovered().value());
        assertEquals(1, counts.removed().value());
    }
}
