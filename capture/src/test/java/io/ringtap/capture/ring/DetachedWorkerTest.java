package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.detached;
import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.ledger.Progress;
import io.ringtap.ledger.WorkerCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DetachedWorkerTest {
    /** What a queue of 1 MiB holds of small frames. */
    private static final int QUEUE_SLOTS = 4_096;

    private static final int FRAMES = 20_000;

    /** As many as a capture's ring holds, so that a test's frames are there long before they are handled. */
    private static void put(FedRing fed, int from, int to) {
        for (int i = from; i < to; i++) {
            assertTrue(fed.put(new byte[60], i));
        }
        fed.ring().flush();
    }

    private static WorkerCounts counts(Worker worker) {
        return WorkerReport.of(List.of(worker), "test", false);
    }

    /** Of a worker of one thread: what the counts leave over is what its rings hold. */
    private static void assertBalance(Worker worker) {
        WorkerCounts counts = counts(worker);
        assertEquals(worker.lag(), counts.inFlight(), counts.toString());
    }

    @Test
    void shouldShedTheNewestAndHoldNobodyUpWhileItsHandlerBlocks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Long> kept = Collections.synchronizedList(new ArrayList<>());
        WorkerConfig blocked = detached("blocked", 1, () -> frame -> {
            go.await();
            kept.add(frame.timestampNanos());
        });
        AtomicLong others = new AtomicLong();
        WorkerConfig gate = worker("gate", 1, Share.FLOW, () -> frame -> others.incrementAndGet());
        try (FedRing fed = new FedRing(1_024, 1 << 20, blocked, gate).start()) {
            put(fed, 0, FRAMES);
            FedRing.await(() -> fed.worker(0).shed() == FRAMES - QUEUE_SLOTS && others.get() == FRAMES);
            assertEquals(QUEUE_SLOTS, fed.worker(0).lag());
            assertEquals(QUEUE_SLOTS, counts(fed.worker(0)).inFlight());
            assertEquals(0, fed.ring().used(), "the capture's ring is free");
            assertEquals(
                    List.of(new Progress("feed-blocked-0", FRAMES - 1, false)),
                    fed.worker(0).progress(),
                    "a blocked handler is nothing to end the process for");
            go.countDown();
            FedRing.await(() -> fed.worker(0).lag() == 0);
            put(fed, FRAMES, FRAMES + 100);
            assertTrue(fed.finish());
            assertEquals(QUEUE_SLOTS + 100, fed.worker(0).delivered());
            assertEquals(FRAMES - QUEUE_SLOTS, fed.worker(0).shed());
            assertEquals(0, counts(fed.worker(0)).inFlight());
        }
        for (int i = 0; i < QUEUE_SLOTS + 100; i++) {
            assertEquals(i < QUEUE_SLOTS ? i : FRAMES + i - QUEUE_SLOTS, kept.get(i));
        }
    }

    @Test
    void shouldNeverHoldMoreBytesThanItsQueueHas() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FedRing fed = new FedRing(1_024, 1 << 20, detached("blocked", 1, () -> frame -> go.await())).start()) {
            for (int i = 0; i < 1_000; i++) {
                assertTrue(fed.put(new byte[8_192], i));
            }
            fed.ring().flush();
            FedRing.await(() -> fed.worker(0).shed() == 1_000 - (1 << 20) / 8_192);
            go.countDown();
            assertTrue(fed.finish());
            assertEquals((1 << 20) / 8_192, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldHandOnWhatFitsUnchangedAndInOrder() throws Exception {
        RandomFrames frames = new RandomFrames(500);
        List<Long> times = new ArrayList<>();
        FrameHandler keeper = frame -> times.add(frames.isIntact(frame) ? frame.timestampNanos() : -1);
        try (FedRing fed = new FedRing(256, 1 << 16, detached("w", 1, () -> keeper)).start()) {
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(times.size(), fed.worker(0).delivered());
            assertEquals(FRAMES, fed.worker(0).delivered() + fed.worker(0).shed());
        }
        for (int i = 1; i < times.size(); i++) {
            assertTrue(times.get(i) > times.get(i - 1), times.get(i) + " behind " + times.get(i - 1));
        }
        assertEquals(0, times.getFirst());
    }

    @Test
    void shouldHandleWhatIsQueuedWhenToldToDrain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FedRing fed = new FedRing(8_192, 1 << 20, detached("w", 1, () -> frame -> go.await())).start()) {
            put(fed, 0, 3_000);
            fed.worker(0).drain();
            FedRing.await(() -> fed.worker(0).position() == 2_999); // all is queued, and nothing more comes
            assertEquals(0, fed.worker(0).delivered());
            go.countDown();
            assertTrue(fed.finish());
            assertEquals(3_000, fed.worker(0).delivered());
            assertEquals(0, fed.worker(0).shed());
        }
    }

    @Test
    void shouldLeaveWhatABlockedHandlerHoldsInFlightWhenTheDeadlineIsOver() throws Exception {
        CountDownLatch hasTheFirst = new CountDownLatch(1);
        FrameHandler blocked = frame -> {
            hasTheFirst.countDown();
            new CountDownLatch(1).await();
        };
        AtomicLong others = new AtomicLong();
        WorkerConfig quick = detached("quick", 1, () -> frame -> others.incrementAndGet());
        try (FedRing fed = new FedRing(8_192, 1 << 20, detached("blocked", 1, () -> blocked), quick).start()) {
            put(fed, 0, 3_000);
            FedRing.await(() -> others.get() == 3_000);
            hasTheFirst.await();
            Worker left = fed.worker(0);
            left.drain();
            assertFalse(left.join(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10)), "it waits, however long");
            left.abandon();
            FedRing.await(() -> !left.isAlive());
            assertFalse(left.join(FedRing.inTheEnd()), "not all was handled");
            assertEquals(1, fed.worker(0).failed(), "interrupted");
            assertEquals(2_999, counts(fed.worker(0)).inFlight());
            assertBalance(fed.worker(0));
        }
    }

    @Test
    void shouldBalanceAtEveryLook() throws Exception {
        CountDownLatch shedding = new CountDownLatch(1);
        FrameHandler moody = frame -> {
            shedding.await();
            if (frame.timestampNanos() % 3 == 0) {
                throw new IllegalStateException("on purpose");
            }
            if (frame.timestampNanos() % 501 == 1) {
                LockSupport.parkNanos(100_000);
            }
        };
        try (FedRing fed = new FedRing(1_024, 1 << 20, detached("w", 0.5, () -> moody)).start()) {
            CountDownLatch done = new CountDownLatch(1);
            AtomicLong looks = new AtomicLong();
            List<WorkerCounts> wrong = Collections.synchronizedList(new ArrayList<>());
            Thread looking = Thread.ofPlatform().start(() -> {
                while (done.getCount() > 0) {
                    WorkerCounts counts = counts(fed.worker(0));
                    if (counts.inFlight() < 0) {
                        wrong.add(counts);
                    }
                    looks.incrementAndGet();
                }
            });
            RandomFrames frames = new RandomFrames(200);
            for (int i = 0; i < 300_000; i++) {
                assertTrue(fed.put(frames.frame(i), i));
                if (i % 100 == 0) {
                    fed.ring().flush();
                }
                if (i % 30_000 == 29_999) { // however busy the machine is, it is looked at now and then
                    long before = looks.get();
                    FedRing.await(() -> looks.get() > before);
                }
                if (i == 20_000) { // half of them sampled, more than the queue has slots
                    FedRing.await(() -> fed.worker(0).shed() > 0);
                    shedding.countDown();
                }
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            done.countDown();
            looking.join();
            assertEquals(List.of(), wrong);
            assertTrue(looks.get() >= 10, looks + " looks");
            WorkerCounts counts = counts(fed.worker(0));
            assertEquals(0, counts.inFlight());
            assertTrue(
                    counts.delivered() > 0 && counts.failed() > 0 && counts.shed() > 0 && counts.sampledOut() > 0,
                    counts.toString());
        }
    }

    @Test
    void shouldTellWhatOnStartThrewAndEnd() throws Exception {
        FrameHandler thrower = new FrameHandler() {
            @Override
            public void onStart(io.ringtap.frame.HandlerContext context) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onFrame(Frame frame) {}
        };
        FrameRing ring = new FrameRing(8, 4_096);
        WorkerConfig config = detached("w", 1, () -> thrower);
        Worker worker =
                new Worker(config, ring, FedRing.facts("test"), 0, new HandlerTables(config, "test"), () -> f -> false);
        assertEquals("on purpose", worker.start(FedRing.HANG).getMessage());
        worker.drain();
        assertTrue(worker.join(FedRing.inTheEnd()));
        ring.close();
    }
}
