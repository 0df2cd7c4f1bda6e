package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerStopTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldEndAtOnceWhenDrainedWithNothingToDo() throws Exception {
        AtomicInteger stops = new AtomicInteger();
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onFrame(Frame frame) {}

            @Override
            public void onStop() {
                stops.incrementAndGet();
            }
        };
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> handler)).start()) {
            long before = System.nanoTime();
            assertTrue(fed.drain(5 * SECOND));
            assertTrue(System.nanoTime() - before < SECOND);
        }
        assertEquals(1, stops.get());
    }

    @Test
    void shouldEndAsSoonAsAllIsHandledWhenDrainedBehind() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FedRing fed = new FedRing(64, 8_192, worker(() -> frame -> {
                    busy.countDown();
                    go.await();
                }))
                .start()) {
            fed.put(new byte[60], 0);
            fed.ring().flush();
            busy.await();
            for (int i = 1; i < 50; i++) {
                fed.put(new byte[60], i);
            }
            fed.ring().flush();
            fed.worker(0).drain();
            long before = System.nanoTime();
            go.countDown();
            assertTrue(fed.worker(0).join(before + 5 * SECOND));
            assertTrue(System.nanoTime() - before < SECOND, "took " + (System.nanoTime() - before));
            assertEquals(50, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldInterruptAHandlerThatIsNotDoneAtTheDeadline() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> frame -> never.await())).start()) {
            fed.put(new byte[60], 0);
            fed.ring().flush();
            long before = System.nanoTime();
            assertTrue(fed.drain(SECOND / 5));
            assertTrue(System.nanoTime() - before < SECOND);
            assertEquals(1, fed.worker(0).failed());
        }
    }

    @Test
    void shouldLeaveBehindAHandlerThatNeverEndsAndSayWhatItHasNotHandled() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> frame -> awaitUninterruptibly(end))).start()) {
            fed.put(new byte[60], 0);
            fed.put(new byte[60], 1);
            fed.ring().flush();
            long before = System.nanoTime();
            assertFalse(fed.drain(SECOND / 5));
            assertTrue(System.nanoTime() - before < SECOND);
            assertEquals(2, fed.worker(0).lag());
            assertEquals(0, fed.worker(0).delivered());
            end.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean ended = false;
        while (!ended) {
            try {
                latch.await();
                ended = true;
            } catch (InterruptedException e) {
                // a handler that does not care
            }
        }
    }
}
