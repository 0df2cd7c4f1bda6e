package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerTest {
    /** Writes down what is called, and on which thread. */
    private static final class Diary implements FrameHandler {
        final List<String> entries = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private final Thread starter = Thread.currentThread();

        private void write(String entry) {
            entries.add(entry);
            threads.add(Thread.currentThread());
        }

        String onlyThread() {
            assertEquals(1, threads.stream().distinct().count());
            return threads.getFirst().getName();
        }

        @Override
        public void onStart(HandlerContext context) {
            FedRing.await(() -> starter.getState() == Thread.State.TIMED_WAITING); // for this to return
            write("start " + context.captureName() + " " + context.workerName() + " " + context.thread());
        }

        @Override
        public void onFrame(Frame frame) {
            write("frame " + frame.timestampNanos());
        }

        @Override
        public void onBatchEnd() {
            write("batch end");
        }

        @Override
        public void onStop() {
            write("stop");
        }
    }

    @Test
    void shouldLeadEachHandlerThroughItsLifeOnOneThread() throws Exception {
        List<Diary> diaries = new ArrayList<>();
        WorkerConfig config = worker("w", 2, Share.ROUND_ROBIN, () -> {
            diaries.add(new Diary());
            return diaries.getLast();
        });
        FrameRing ring = new FrameRing(8, 4_096);
        Worker worker = new Worker(
                config, ring, FedRing.facts("uplink"), 3, new HandlerTables(config, "uplink"), () -> f -> false);
        assertEquals(2, diaries.size());
        worker.start(FedRing.HANG);
        assertEquals(List.of("start uplink w 6"), diaries.get(0).entries);
        assertEquals(List.of("start uplink w 7"), diaries.get(1).entries);
        worker.drain();
        assertTrue(worker.join(FedRing.inTheEnd()));
        assertEquals(List.of("start uplink w 6", "stop"), diaries.get(0).entries);
        assertEquals("worker-w-6", diaries.get(0).onlyThread());
        assertEquals("worker-w-7", diaries.get(1).onlyThread());
        ring.close();
    }

    @Test
    void shouldTellWhenTheFramesThatWaitedTogetherAreDone() throws Exception {
        Diary diary = new Diary();
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> diary)).start()) {
            fed.put(new byte[60], 1);
            fed.put(new byte[60], 2);
            fed.ring().flush();
            FedRing.await(() -> diary.entries.contains("batch end"));
            fed.put(new byte[60], 3);
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        assertEquals(
                List.of("start test w 0", "frame 1", "frame 2", "batch end", "frame 3", "batch end", "stop"),
                diary.entries);
        assertEquals("worker-w-0", diary.onlyThread());
    }

    @Test
    void shouldGiveBackWhatOnStartThrewAndHandleNothing() throws Exception {
        Error broken = new ExceptionInInitializerError("on purpose");
        Diary quick = new Diary();
        FrameHandler thrower = new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                throw broken;
            }

            @Override
            public void onFrame(Frame frame) {
                quick.onFrame(frame);
            }
        };
        FrameRing ring = new FrameRing(8, 4_096);
        WorkerConfig config = worker("w", 1, Share.FLOW, () -> thrower);
        Worker worker =
                new Worker(config, ring, FedRing.facts("test"), 0, new HandlerTables(config, "test"), () -> f -> false);
        assertSame(broken, worker.start(FedRing.HANG));
        worker.drain();
        assertTrue(worker.join(FedRing.inTheEnd()));
        assertEquals(List.of(), quick.entries);
        assertEquals(0, worker.delivered());
        ring.close();
    }

    /** A throwable that cannot even be logged. */
    private static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("a message that throws");
        }
    }

    static List<Throwable> everythingAHandlerMayThrow() {
        return List.of(
                new Exception("on purpose"),
                new IllegalStateException("on purpose"),
                new StackOverflowError("on purpose"),
                new AssertionError("on purpose"),
                new InterruptedException("on purpose"),
                new Speechless());
    }

    @SuppressWarnings("unchecked") // makes the compiler take any throwable for unchecked
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("everythingAHandlerMayThrow")
    void shouldGoOnWhateverAHandlerThrows(Throwable thrown) throws Exception {
        Diary diary = new Diary();
        FrameHandler thrower = new FrameHandler() {
            @Override
            public void onFrame(Frame frame) {
                if (frame.timestampNanos() % 2 == 0) {
                    WorkerTest.<RuntimeException>sneak(thrown);
                }
            }

            @Override
            public void onBatchEnd() {
                WorkerTest.<RuntimeException>sneak(thrown);
            }

            @Override
            public void onStop() {
                WorkerTest.<RuntimeException>sneak(thrown);
            }
        };
        try (FedRing fed = new FedRing(8, 4_096, worker("w", 1, Share.FLOW, () -> thrower, () -> diary)).start()) {
            for (int i = 0; i < 101; i++) {
                assertTrue(fed.put(new byte[60], i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(51, fed.worker(0).failed());
            assertEquals(50, fed.worker(0).delivered());
        }
        assertEquals(
                101, diary.entries.stream().filter(e -> e.startsWith("frame")).count());
        assertEquals("stop", diary.entries.getLast());
    }

    @Test
    void shouldCountAFrameOnceThoughTwoHandlersThrow() throws Exception {
        FrameHandler thrower = frame -> {
            throw new IllegalStateException("on purpose");
        };
        try (FedRing fed = new FedRing(8, 4_096, worker("w", 1, Share.FLOW, () -> thrower, () -> thrower)).start()) {
            fed.put(new byte[60], 0);
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(1, fed.worker(0).failed());
            assertEquals(0, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldGoOnThoughAHandlerLeavesItsThreadInterrupted() throws Exception {
        try (FedRing fed = new FedRing(
                        8, 4_096, worker(() -> frame -> Thread.currentThread().interrupt()))
                .start()) {
            for (int i = 0; i < 2_000; i++) {
                assertTrue(fed.put(new byte[60], i));
                if (i % 3 == 0) {
                    fed.ring().flush();
                }
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(2_000, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldNotStopAHandlerThatWasNotStarted() throws Exception {
        Diary after = new Diary();
        FrameHandler unready = new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onFrame(Frame frame) {}
        };
        FrameRing ring = new FrameRing(8, 4_096);
        WorkerConfig config = worker("w", 1, Share.FLOW, () -> unready, () -> after);
        Worker worker =
                new Worker(config, ring, FedRing.facts("test"), 0, new HandlerTables(config, "test"), () -> f -> false);
        worker.start(FedRing.HANG);
        worker.drain();
        assertTrue(worker.join(FedRing.inTheEnd()));
        assertEquals(List.of(), after.entries);
        ring.close();
    }

    /** By the JVM's count of waits, not by time: a busy machine makes each longer, not more of them. */
    @Test
    void shouldSleepOnceForEachTickWhileNoFrameComes() throws Exception {
        int ticks = 5;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onFrame(Frame frame) {}

            @Override
            public void onIdle() {
                waits.add(
                        threads.getThreadInfo(Thread.currentThread().threadId()).getWaitedCount());
            }
        };
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> handler)).start()) {
            FedRing.await(() -> waits.size() > ticks);
            assertTrue(fed.finish());
        }
        long slept = waits.get(ticks) - waits.getFirst();
        assertTrue(slept >= ticks, slept + " sleeps for " + ticks + " ticks");
        assertTrue(slept <= 3L * ticks, slept + " sleeps for " + ticks + " ticks: a sleep is cut in three at most");
    }

    @Test
    void shouldGiveAHandlerTheSameCounterForTheSameNames() throws Exception {
        AtomicReference<HandlerContext> context = new AtomicReference<>();
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onStart(HandlerContext given) {
                context.set(given);
            }

            @Override
            public void onFrame(Frame frame) {
                context.get().counter("all", "frames").add(1);
            }
        };
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> handler)).start()) {
            for (int i = 0; i < 10; i++) {
                fed.put(new byte[60], i);
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            Counter counter = context.get().counter("all", "frames");
            assertEquals(10, counter.value());
            assertSame(counter, context.get().counter("all", "frames"));
            assertNotSame(counter, context.get().counter("all", "bytes"));
            assertNotSame(counter, context.get().counter("al", "lframes"));
            assertTrue(context.get().sender().send(new byte[14]));
        }
    }
}
