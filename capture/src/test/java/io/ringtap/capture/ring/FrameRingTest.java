package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.FrameHandler;
import java.lang.foreign.Arena;
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
        OwnWait wait = new OwnWait(3, 70_000, go::countDown); // a sleep may take longer than it should
        try (FedRing fed = new FedRing(wait.ring(8, 4_096), worker(() -> frame -> go.await())).start()) {
            putAll(fed, 0, 8);
            assertEquals(0, wait.parks());
            putAll(fed, 8, 9);
            assertEquals(0, go.getCount(), "it took the ninth before there was room");
            putAll(fed, 9, 1_000);
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(1_000, fed.ring().published());
            assertEquals(1_000, fed.worker(0).delivered());
            assertEquals(0, fed.worker(0).failed());
            assertEquals(0, fed.ring().used());
            assertEquals(3 * 70_000, fed.ring().blockedNanos());
            assertEquals(3 * 70_000, fed.worker(0).blockedNanos());
        }
    }

    private static void putAll(FedRing fed, int from, int to) {
        for (int i = from; i < to; i++) {
            assertTrue(fed.put(new byte[60], i));
        }
    }

    @Test
    void shouldHandOnWhatItHasBeforeItWaits() throws Exception {
        FedRing[] waiting = {null};
        long[] published = {0};
        OwnWait wait = new OwnWait(1, 1, () -> {
            published[0] = waiting[0].ring().published();
            waiting[0].ring().giveUp();
        });
        try (FedRing fed = new FedRing(wait.ring(8, 4_096), worker(() -> NOTHING))) {
            waiting[0] = fed;
            putAll(fed, 0, 8);
            assertEquals(0, fed.ring().published());
            assertFalse(fed.put(new byte[60], 8));
            assertEquals(8, published[0]);
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
        CountDownLatch firstMay = new CountDownLatch(1);
        CountDownLatch othersMay = new CountDownLatch(1);
        CountDownLatch slowHasTheFirst = new CountDownLatch(1);
        WorkerConfig quick = worker("quick", 1, Share.FLOW, () -> NOTHING);
        WorkerConfig slow = worker("slow", 1, Share.FLOW, () -> frame -> {
            slowHasTheFirst.countDown();
            (frame.timestampNanos() == 0 ? firstMay : othersMay).await();
        });
        OwnWait wait = new OwnWait(3, 50_000, firstMay::countDown);
        try (FedRing fed = new FedRing(wait.ring(16, 4_096), quick, slow).start()) {
            putAll(fed, 0, 1);
            fed.ring().flush();
            slowHasTheFirst.await(); // alone: its slot is given back without the others'
            putAll(fed, 1, 16);
            fed.ring().flush();
            FedRing.await(() -> fed.worker(0).position() == 15);
            putAll(fed, 16, 17);
            assertEquals(0, fed.worker(0).blockedNanos());
            assertEquals(3 * 50_000, fed.worker(1).blockedNanos());
            assertEquals(3 * 50_000, fed.ring().blockedNanos());
            othersMay.countDown();
            fed.ring().flush();
            assertTrue(fed.finish());
        }
    }

    @Test
    void shouldLetACaptureThreadThatWaitsGoWhenAnotherToldItToGiveUp() throws Exception {
        FedRing[] waiting = {null};
        OwnWait wait = new OwnWait(3, 50_000, () -> onAnotherThread(waiting[0].ring()::giveUp));
        try (FedRing fed = new FedRing(wait.ring(8, 4_096), worker(() -> NOTHING))) {
            waiting[0] = fed;
            putAll(fed, 0, 8);
            assertFalse(fed.put(new byte[60], 8));
            assertEquals(3, wait.parks());
            assertEquals(8, fed.ring().published());
        }
    }

    private static void onAnotherThread(Runnable task) {
        try {
            Thread.ofPlatform().start(task).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldSleepAfterEveryLookForRoom() throws Exception {
        FedRing[] waiting = {null};
        OwnWait wait = new OwnWait(1_000, 0, () -> waiting[0].ring().giveUp());
        try (FedRing fed = new FedRing(wait.ring(8, 4_096), worker(() -> NOTHING))) {
            waiting[0] = fed;
            putAll(fed, 0, 8);
            int[] looks = {0};
            fed.ring().gate(new Sequence(-1) {
                @Override
                public long get() {
                    looks[0]++;
                    return super.get();
                }
            });
            assertFalse(fed.put(new byte[60], 8));
            assertEquals(1_000 * FrameRing.WAIT_NANOS, wait.parkedNanos());
            assertTrue(looks[0] <= 1_000 + 2, looks[0] + " looks"); // two before it waits
        }
    }

    /** A thread in this state uses no processor. */
    @Test
    void shouldSleepByTheSystem() throws Exception {
        Thread sleeper = Thread.ofPlatform().start(() -> Idler.SYSTEM.park(OwnWait.NEVER_NANOS));
        FedRing.await(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
        LockSupport.unpark(sleeper);
        sleeper.join();
        long before = System.nanoTime();
        long between = Idler.SYSTEM.nanoTime();
        assertTrue(between - before >= 0 && System.nanoTime() - between >= 0);
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
    void shouldHoldFourOfTheLargestFrames() {
        FrameRing ring = new FrameRing(FedRing.LARGEST_FRAME);
        WorkerConfig config = worker(() -> NOTHING);
        Worker unstarted =
                new Worker(config, ring, FedRing.facts("test"), 0, new HandlerTables(config, "test"), () -> f -> false);
        ring.giveUp();
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(FedRing.LARGEST_FRAME).address();
            for (int i = 0; i < 4; i++) {
                assertTrue(ring.onFrame(address, FedRing.LARGEST_FRAME, FedRing.LARGEST_FRAME, i));
            }
            assertFalse(ring.onFrame(address, FedRing.LARGEST_FRAME, FedRing.LARGEST_FRAME, 4));
        }
        assertEquals(4, unstarted.lag());
        ring.close();
    }
}
