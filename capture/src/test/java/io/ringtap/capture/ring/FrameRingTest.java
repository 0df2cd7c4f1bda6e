package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.FrameHandler;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRingTest {
    private static final FrameHandler NOTHING = frame -> {};

    private static Thread feed(FedRing fed, int frames, AtomicInteger taken) {
        return Thread.ofPlatform().name("feeder").start(() -> {
            for (int i = 0; i < frames && fed.put(new byte[60], i); i++) {
                taken.incrementAndGet();
            }
            fed.ring().flush();
        });
    }

    private static void awaitParked(Thread thread) {
        FedRing.await(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void shouldHandNothingOnBeforeItIsFlushed() throws Exception {
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> NOTHING))) {
            fed.put(new byte[60], 0);
            fed.put(new byte[60], 1);
            assertEquals(0, fed.ring().published());
            assertEquals(0, fed.ring().used());
            fed.ring().flush();
            assertEquals(2, fed.ring().published());
            assertEquals(2, fed.ring().used());
            fed.ring().flush();
            assertEquals(2, fed.ring().published());
        }
    }

    @Test
    void shouldTakeMoreThanItHoldsWhereNoWorkerWantsIt() {
        try (FedRing fed = new FedRing(64, 1_024)) {
            for (int i = 0; i < 100; i++) {
                assertTrue(fed.put(new byte[200], i));
            }
            fed.ring().flush();
            assertEquals(100, fed.ring().published());
            assertEquals(0, fed.ring().used());
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 4096, 60, 8", "1, 4096, 60, 1", "64, 1024, 60, 16", "64, 1024, 200, 5", "64, 1024, 512, 2"})
    void shouldTakeWhatSlotsAndSlabHoldAndRefuseTheRestOnceToldToGiveUp(int slots, int slab, int length, int room)
            throws Exception {
        try (FedRing fed = new FedRing(slots, slab, worker(() -> NOTHING))) {
            fed.ring().giveUp();
            for (int i = 0; i < room; i++) {
                assertTrue(fed.put(new byte[length], i));
            }
            assertFalse(fed.put(new byte[length], room));
            assertFalse(fed.put(new byte[length], room + 1));
            assertEquals(room, fed.ring().published(), "what it took is handed on");
            assertEquals(room, fed.ring().used());
            assertEquals(slots, fed.ring().capacity());
            assertEquals(room, fed.worker(0).lag());
        }
    }

    @Test
    void shouldWaitWhileFullAndDropNothing() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> frame -> go.await())).start()) {
            Thread feeder = feed(fed, 1_000, taken);
            awaitParked(feeder);
            LockSupport.parkNanos(100_000_000);
            assertEquals(8, taken.get());
            assertEquals(8, fed.ring().published());
            go.countDown();
            feeder.join();
            assertTrue(fed.finish());
            assertEquals(1_000, fed.ring().published());
            assertEquals(1_000, fed.worker(0).delivered());
            assertEquals(0, fed.worker(0).failed());
            assertEquals(0, fed.ring().used());
            assertTrue(
                    fed.ring().blockedNanos() >= 90_000_000,
                    "blocked " + fed.ring().blockedNanos());
            assertEquals(fed.ring().blockedNanos(), fed.worker(0).blockedNanos());
        }
    }

    @Test
    void shouldWaitForRoomInTheSlabToo() throws Exception {
        List<Long> times = new ArrayList<>();
        RandomFrames frames = new RandomFrames(500);
        try (FedRing fed = new FedRing(1_024, 1_024, worker(() -> frame -> {
                    times.add(frames.isIntact(frame) ? frame.timestampNanos() : -1);
                }))
                .start()) {
            for (int i = 0; i < 5_000; i++) {
                assertTrue(fed.put(frames.frame(i), i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(5_000, times.size());
            for (int i = 0; i < 5_000; i++) {
                assertEquals(i, times.get(i));
            }
        }
    }

    @Test
    void shouldNeverWaitWhileThereIsRoom() throws Exception {
        try (FedRing fed = new FedRing(1_024, 1 << 20, worker(() -> NOTHING)).start()) {
            for (int i = 0; i < 1_024; i++) {
                assertTrue(fed.put(new byte[1_000], i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(0, fed.ring().blockedNanos());
            assertEquals(0, fed.worker(0).blockedNanos());
        }
    }

    @Test
    void shouldNameTheWorkerThatHeldTheCaptureUp() throws Exception {
        WorkerConfig quick = worker("quick", 1, Share.FLOW, () -> NOTHING);
        WorkerConfig slow = worker("slow", 2, Share.ROUND_ROBIN, () -> frame -> LockSupport.parkNanos(1_000_000));
        try (FedRing fed = new FedRing(16, 4_096, quick, slow).start()) {
            for (int i = 0; i < 300; i++) {
                assertTrue(fed.put(new byte[60], i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            long quickNanos = fed.worker(0).blockedNanos();
            long slowNanos = fed.worker(1).blockedNanos();
            assertTrue(slowNanos > 10 * quickNanos, "quick " + quickNanos + ", slow " + slowNanos);
            assertTrue(slowNanos > 50_000_000, "slow " + slowNanos);
            assertEquals(fed.ring().blockedNanos(), quickNanos + slowNanos);
        }
    }

    @Test
    void shouldLetACaptureThreadThatWaitsGoWhenToldToGiveUp() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> NOTHING))) {
            Thread feeder = feed(fed, 100, taken);
            awaitParked(feeder);
            fed.ring().giveUp();
            feeder.join(1_000);
            assertFalse(feeder.isAlive());
            assertEquals(8, taken.get());
            assertEquals(8, fed.ring().published());
        }
    }

    @Test
    void shouldNotBurnAProcessorWhileItWaits() throws Exception {
        AtomicReference<Long> cpu = new AtomicReference<>(0L);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> NOTHING))) {
            Thread feeder = Thread.ofPlatform().name("feeder").start(() -> {
                ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                for (int i = 0; i < 8; i++) {
                    fed.put(new byte[60], i);
                }
                long before = threads.getCurrentThreadCpuTime();
                fed.put(new byte[60], 8);
                cpu.set(threads.getCurrentThreadCpuTime() - before);
            });
            awaitParked(feeder);
            LockSupport.parkNanos(500_000_000);
            fed.ring().giveUp();
            feeder.join();
            assertTrue(cpu.get() < 150_000_000, "took " + cpu.get() + " ns of 500 ms");
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "10, 7", "100, 64"})
    void shouldAlarmOnceForEverySoManyFramesAndNotMoreOften(int every, int batch) throws Exception {
        AtomicInteger alarms = new AtomicInteger();
        try (FedRing fed = new FedRing(1_024, 1 << 20, worker(() -> NOTHING))) {
            fed.ring().alarmEvery(every, alarms::incrementAndGet);
            for (int i = 0; i < 1_001; i++) {
                fed.put(new byte[60], i);
                if (i % batch == batch - 1) {
                    fed.ring().flush();
                }
            }
            fed.ring().flush();
            assertEquals(1_000 / every, alarms.get());
        }
    }

    @Test
    void shouldAlarmAtTheFrameThatMakesTheNumberFull() throws Exception {
        AtomicInteger alarms = new AtomicInteger();
        try (FedRing fed = new FedRing(1_024, 1 << 20, worker(() -> NOTHING))) {
            fed.ring().alarmEvery(10, alarms::incrementAndGet);
            for (int i = 1; i <= 100; i++) {
                fed.put(new byte[60], i);
                fed.ring().flush();
                assertEquals(i / 10, alarms.get(), "after frame " + i);
            }
        }
    }

    @Test
    void shouldAlarmOnTheThreadThatPuts() throws Exception {
        AtomicReference<Thread> on = new AtomicReference<>();
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> NOTHING))) {
            fed.ring().alarmEvery(1, () -> on.set(Thread.currentThread()));
            fed.put(new byte[60], 0);
            fed.put(new byte[60], 1);
            fed.ring().flush();
            assertEquals(Thread.currentThread(), on.get());
        }
    }

    @Test
    void shouldHoldEightOfTheLargestFrames() {
        FrameRing ring = new FrameRing(FedRing.LARGEST_FRAME);
        WorkerConfig config = worker(() -> NOTHING);
        Worker unstarted =
                new Worker(config, ring, FedRing.facts("test"), 0, new HandlerTables(config, "test"), () -> f -> false);
        ring.giveUp();
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(FedRing.LARGEST_FRAME).address();
            for (int i = 0; i < 8; i++) {
                assertTrue(ring.onFrame(address, FedRing.LARGEST_FRAME, FedRing.LARGEST_FRAME, i));
            }
            assertFalse(ring.onFrame(address, FedRing.LARGEST_FRAME, FedRing.LARGEST_FRAME, 8));
        }
        assertEquals(8, unstarted.lag());
        ring.close();
    }
}
