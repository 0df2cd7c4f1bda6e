package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What HANDLERS.md says of order and ticks; WorkerTest and TapStartTest have the rest. */
class HandlerLifeTest {
    /** Ticks three times at least, and then throws each time if it is told to. */
    private static final class Ticked implements FrameHandler {
        final CountDownLatch ticks = new CountDownLatch(3);
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        private final boolean throwing;

        Ticked(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public void onFrame(Frame frame) {
            threads.add(Thread.currentThread().getName());
        }

        @Override
        public void onIdle() {
            threads.add(Thread.currentThread().getName());
            ticks.countDown();
            if (throwing) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    @Test
    void shouldTickWhileNoFrameComesAndThoughATickThrows() throws Exception {
        Ticked ticked = new Ticked(true);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> ticked)).start()) {
            ticked.ticks.await();
            fed.put(new byte[60], 0);
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(1, fed.worker(0).delivered(), "a tick that throws fails no frame");
        }
        assertEquals(Set.of("worker-w-0"), ticked.threads);
    }

    @Test
    void shouldTickUnderLoadToo() throws Exception {
        Ticked ticked = new Ticked(false);
        long put = 0;
        try (FedRing fed = new FedRing(64, 8_192, worker(() -> ticked)).start()) {
            while (ticked.ticks.getCount() > 0) {
                for (int i = 0; i < 16; i++) {
                    assertTrue(fed.put(new byte[60], put++));
                }
                fed.ring().flush();
                LockSupport.parkNanos(10_000);
            }
            assertTrue(fed.finish());
            assertEquals(put, fed.worker(0).delivered());
        }
        assertEquals(Set.of("worker-w-0"), ticked.threads);
    }

    @Test
    void shouldLeaveAnEmptyFrameToAHandlerThatHasKeptIt() throws Exception {
        List<Frame> kept = Collections.synchronizedList(new ArrayList<>());
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> kept::add)).start()) {
            fed.put(new byte[60], 1);
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        assertEquals(0, kept.getFirst().length());
        assertThrows(IndexOutOfBoundsException.class, () -> kept.getFirst().byteAt(0), "the slab is gone");
    }

    /** Writes into a diary that it shares with others. */
    private record Writer(String name, List<String> diary) implements FrameHandler {
        @Override
        public void onStart(HandlerContext context) {
            diary.add(name + " start");
        }

        @Override
        public void onFrame(Frame frame) {
            diary.add(name + " frame " + frame.timestampNanos());
        }

        @Override
        public void onBatchEnd() {
            diary.add(name + " batch end");
        }

        @Override
        public void onStop() {
            diary.add(name + " stop");
        }
    }

    @Test
    void shouldCallTheHandlersOfAWorkerInTheirOrder() throws Exception {
        List<String> diary = Collections.synchronizedList(new ArrayList<>());
        try (FedRing fed = new FedRing(
                        8,
                        4_096,
                        worker("w", 1, Share.FLOW, () -> new Writer("a", diary), () -> new Writer("b", diary)))
                .start()) {
            fed.put(new byte[60], 1);
            fed.put(new byte[60], 2);
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        assertEquals(
                List.of(
                        "a start",
                        "b start",
                        "a frame 1",
                        "b frame 1",
                        "a frame 2",
                        "b frame 2",
                        "a batch end",
                        "b batch end",
                        "a stop",
                        "b stop"),
                diary);
    }
}
