package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.SpillConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A detached worker with a spill, in which frames are numbered by their time stamps. */
class SpillTest {
    /** Half of the queue's 4 MiB is a slab with a slot for each 256 bytes. */
    private static final int QUEUE_SLOTS = 8_192;

    /** A frame of 1,000 bytes in a segment. */
    private static final int RECORD_BYTES = 1_024;

    private static final int FRAMES = 100_000;

    private static final int SLICE = 100;

    /** Of six chunks of 288 KiB, one may be what the reader holds, and one is being filled. */
    private static final long MOST_IN_MEMORY = 600_000;

    // each test writes some 10 to 60 MB to the disk, as fast as that takes them
    @TempDir
    private Path folder;

    /** What a handler got, in order. One that is blocked waits with the first frame. */
    private static final class Keeper implements FrameHandler {
        private final CountDownLatch go;
        private final List<Long> numbers = new ArrayList<>();

        Keeper(CountDownLatch go) {
            this.go = go;
        }

        @Override
        public void onFrame(Frame frame) throws InterruptedException {
            go.await();
            numbers.add(frame.timestampNanos());
        }
    }

    private WorkerConfig spilling(long limitBytes, boolean resume, int threads, FedRing.Making handler) {
        return new WorkerConfig(
                "w",
                List.of(),
                threads,
                Share.FLOW,
                Delivery.DETACH,
                List.of(new HandlerFactory("handler", handler::make)),
                1,
                SpillConfig.MIN_QUEUE_BYTES,
                WorkerConfig.Tunnels.INNER,
                List.of(),
                Duration.ZERO,
                Optional.of(new SpillConfig(limitBytes, folder, resume)));
    }

    private void put(FedRing fed, int from, int to, int bytes) {
        put(fed, from, to, _ -> new byte[bytes]);
    }

    /** As fast as the disk takes them, however slow that is: the memory before it is never full. */
    private void put(FedRing fed, int from, int to, IntFunction<byte[]> frames) {
        for (int i = from; i < to; i++) {
            assertTrue(fed.put(frames.apply(i), i));
            if ((i + 1) % SLICE == 0 || i + 1 == to) {
                fed.ring().flush();
                FedRing.await(
                        () -> fed.worker(0).position() == fed.ring().published() - 1 && inMemory(fed) < MOST_IN_MEMORY);
            }
        }
    }

    /** Bytes that are spilled, and in no segment. */
    private long inMemory(FedRing fed) {
        try {
            long bytes = spilled(fed).bytes();
            for (Path segment : segments()) {
                bytes -= Files.size(segment) - 64;
            }
            return bytes;
        } catch (IOException e) { // one was removed meanwhile
            return Long.MAX_VALUE;
        }
    }

    private static WorkerCounts counts(FedRing fed) {
        return WorkerReport.of(List.of(fed.worker(0)), "test", false);
    }

    private static SpillCounts spilled(FedRing fed) {
        return counts(fed).spill().orElseThrow();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".spill"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldBringBackInOrderAndUnchangedWhatAQueueDoesNotHold() throws Exception {
        RandomFrames frames = new RandomFrames(1_500);
        CountDownLatch go = new CountDownLatch(1);
        List<Long> kept = new ArrayList<>();
        FrameHandler keeper = frame -> {
            go.await();
            boolean intact = frames.isIntact(frame) && frame.originalLength() == frame.length() + 4;
            kept.add(intact ? frame.timestampNanos() : -1);
        };
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 1, () -> keeper)).start()) {
            put(fed, 0, FRAMES, frames::frame);
            WorkerCounts before = counts(fed);
            assertEquals(FRAMES, before.lag());
            assertEquals(FRAMES, before.inFlight());
            SpillCounts spill = before.spill().orElseThrow();
            assertEquals(spill.spilled(), spill.waiting());
            assertTrue(spill.waiting() >= FRAMES - QUEUE_SLOTS, spill.toString());
            go.countDown();
            assertTrue(fed.finish());
            assertEquals(0, fed.worker(0).shed());
            assertEquals(0, counts(fed).inFlight());
            assertEquals(0, spilled(fed).waiting());
            fed.worker(0).leaveSpill();
        }
        assertEquals(numbers(0, FRAMES), kept);
        assertEquals(List.of(), segments());
    }

    @Test
    void shouldGoBackAndForthBetweenQueueAndSpill() throws Exception {
        List<Long> kept = new ArrayList<>();
        CountDownLatch[] go = {new CountDownLatch(1)};
        Object lock = new Object();
        FrameHandler keeper = frame -> {
            CountDownLatch now;
            synchronized (lock) {
                now = go[0];
            }
            now.await();
            kept.add(frame.timestampNanos());
        };
        int burst = 30_000;
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 1, () -> keeper)).start()) {
            for (int round = 0; round < 10; round++) {
                int end = (round + 1) * burst;
                put(fed, round * burst, end, 60);
                assertTrue(spilled(fed).waiting() > 0);
                synchronized (lock) {
                    go[0].countDown();
                }
                FedRing.await(() -> fed.worker(0).delivered() == end);
                FedRing.await(() -> spilled(fed).bytes() == 0); // also the segments are gone
                assertEquals(0, spilled(fed).waiting());
                synchronized (lock) {
                    go[0] = new CountDownLatch(1);
                }
            }
            assertTrue(fed.finish());
            assertEquals(0, fed.worker(0).shed());
        }
        assertEquals(numbers(0, 10L * burst), kept);
    }

    @Test
    void shouldShedToTheFrameWhatTheLimitHasNoRoomFor() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Keeper keeper = new Keeper(go);
        int inQueue = (2 << 20) / 1_000; // of its slab
        int inSpill = (int) (SpillConfig.MIN_BYTES / RECORD_BYTES);
        try (FedRing fed =
                new FedRing(1_024, 1 << 20, spilling(SpillConfig.MIN_BYTES, false, 1, () -> keeper)).start()) {
            put(fed, 0, 40_000, 1_000);
            assertEquals(inSpill, spilled(fed).waiting());
            assertEquals(40_000 - inQueue - inSpill, spilled(fed).shedFull());
            assertEquals(spilled(fed).shedFull(), fed.worker(0).shed());
            assertEquals(SpillConfig.MIN_BYTES, spilled(fed).bytes());
            go.countDown();
            assertTrue(fed.finish());
            assertEquals(inQueue + inSpill, fed.worker(0).delivered());
            assertEquals(0, counts(fed).inFlight());
        }
        assertEquals(numbers(0, inQueue + inSpill), keeper.numbers);
    }

    @Test
    void shouldKeepOrderWithinFlowsOnSeveralThreads() throws Exception {
        int flows = 16;
        CountDownLatch go = new CountDownLatch(1);
        List<List<Long>> byThread = new ArrayList<>();
        FedRing.Making making = () -> {
            List<Long> mine = new ArrayList<>();
            byThread.add(mine);
            return frame -> {
                go.await();
                mine.add((long) frame.byteAt(5) << 32 | frame.timestampNanos());
            };
        };
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 4, making)).start()) {
            byte[] frame = new byte[100];
            put(fed, 0, FRAMES, i -> {
                frame[5] = (byte) (i % flows);
                return frame;
            });
            go.countDown();
            assertTrue(fed.finish());
            assertEquals(FRAMES, fed.worker(0).delivered());
        }
        assertEquals(FRAMES, byThread.stream().mapToInt(List::size).sum());
        int[] threadsOf = new int[flows];
        for (List<Long> thread : byThread) {
            for (int flow = 0; flow < flows; flow++) {
                int wanted = flow;
                List<Long> numbers = thread.stream()
                        .filter(each -> each >> 32 == wanted)
                        .map(each -> each & 0xffff_ffffL)
                        .toList();
                threadsOf[flow] += numbers.isEmpty() ? 0 : 1;
                assertEquals(numbers.stream().sorted().toList(), numbers);
            }
        }
        int[] one = new int[flows];
        Arrays.fill(one, 1);
        assertArrayEquals(one, threadsOf);
    }

    @Test
    void shouldKeepWhatAStopLeavesForTheNextStart() throws Exception {
        Keeper blocked = new Keeper(new CountDownLatch(1));
        CountDownLatch hundred = new CountDownLatch(100);
        FrameHandler first = frame -> {
            if (hundred.getCount() == 0) {
                blocked.onFrame(frame); // until it is interrupted
            }
            hundred.countDown();
        };
        int frames = 60_000;
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, true, 1, () -> first)).start()) {
            put(fed, 0, frames, 1_000);
            hundred.await();
            Worker worker = fed.worker(0);
            worker.drain();
            assertFalse(worker.join(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10)));
            worker.abandon();
            FedRing.await(() -> !worker.isAlive());
            assertTrue(worker.keep());
            assertEquals(100, worker.delivered());
            assertEquals(1, worker.failed(), "interrupted");
            assertEquals(frames - 101, spilled(fed).kept());
            assertEquals(0, counts(fed).inFlight());
            worker.leaveSpill();
        }
        Keeper rest = new Keeper(new CountDownLatch(0));
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, true, 1, () -> rest)).start()) {
            put(fed, frames, frames + 5_000, 1_000);
            assertTrue(fed.finish());
            WorkerCounts counts = counts(fed);
            assertEquals(frames - 101, spilled(fed).resumed());
            assertEquals(frames - 101 + 5_000, counts.delivered());
            assertEquals(0, counts.inFlight());
            assertEquals(0, counts.shed());
            fed.worker(0).leaveSpill();
        }
        assertEquals(numbers(101, frames + 5_000), rest.numbers);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRemoveWhatAStopLeavesUnlessToldToKeepIt() throws Exception {
        Keeper blocked = new Keeper(new CountDownLatch(1));
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 1, () -> blocked)).start()) {
            put(fed, 0, 60_000, 1_000);
            Worker worker = fed.worker(0);
            worker.drain();
            worker.abandon();
            FedRing.await(() -> !worker.isAlive());
            assertFalse(worker.keep());
            assertEquals(60_000 - worker.failed(), counts(fed).inFlight());
            worker.leaveSpill();
        }
        assertEquals(List.of(), segments());
    }

    @Test
    void shouldCountWhatTheDiskHasChanged() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Keeper keeper = new Keeper(go);
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(64L << 20, false, 1, () -> keeper)).start()) {
            put(fed, 0, 40_000, 1_000);
            Path third = segments().get(2);
            try (RandomAccessFile file = new RandomAccessFile(third.toFile(), "rw")) {
                file.seek(64 + 10L * RECORD_BYTES + 500);
                file.write(1);
            }
            long inSegment = (Files.size(third) - 64) / RECORD_BYTES;
            go.countDown();
            assertTrue(fed.finish());
            assertEquals(inSegment - 10, spilled(fed).unreadable());
            assertEquals(inSegment - 10, fed.worker(0).shed());
            assertEquals(40_000 - (inSegment - 10), fed.worker(0).delivered());
            assertEquals(0, counts(fed).inFlight());
        }
    }

    @Test
    void shouldRefuseAFolderThatAnotherHas() throws Exception {
        Keeper keeper = new Keeper(new CountDownLatch(0));
        try (FedRing fed = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 1, () -> keeper)).start();
                FedRing other = new FedRing(1_024, 1 << 20, spilling(1L << 30, false, 1, () -> keeper))) {
            Throwable refused = other.worker(0).start(FedRing.HANG);
            assertEquals(
                    "cannot spill to " + folder + "/spill-w-test-0: another worker or daemon spills there",
                    refused.getMessage());
            assertTrue(fed.finish());
        }
    }
}
