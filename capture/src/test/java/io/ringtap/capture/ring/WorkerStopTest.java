package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkerStopTest {
    @Test
    void shouldEndWithoutWaitingForATickWhenDrainedWithNothingToDo() throws Exception {
        AtomicInteger stops = new AtomicInteger();
        AtomicReference<Thread> thread = new AtomicReference<>();
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                thread.set(Thread.currentThread());
            }

            @Override
            public void onFrame(Frame frame) {}

            @Override
            public void onStop() {
                stops.incrementAndGet();
            }
        };
        try (FedRing fed = new FedRing(OwnWait.withoutTicks(8, 4_096), worker(() -> handler)).start()) {
            FedRing.await(() -> thread.get().getState() == Thread.State.TIMED_WAITING);
            assertTrue(fed.finish());
        }
        assertEquals(1, stops.get());
    }

    @Test
    void shouldEndWithoutWaitingForATickWhenAllIsHandledWhenDrainedBehind() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FedRing fed = new FedRing(OwnWait.withoutTicks(64, 8_192), worker(() -> frame -> {
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
            go.countDown();
            assertTrue(fed.worker(0).join(FedRing.inTheEnd()));
            assertEquals(50, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldInterruptAHandlerThatIsNotDoneAtTheDeadline() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> frame -> {
                    busy.countDown();
                    never.await();
                }))
                .start()) {
            fed.put(new byte[60], 0);
            fed.ring().flush();
            busy.await();
            fed.worker(0).drain();
            assertFalse(fed.worker(0).join(soon()));
            fed.worker(0).abandon();
            assertTrue(fed.worker(0).join(FedRing.inTheEnd()));
            assertEquals(1, fed.worker(0).failed());
        }
    }

    /** A deadline that what hangs cannot keep, however long this thread sleeps. */
    private static long soon() {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
    }

    @Test
    void shouldLeaveBehindAHandlerThatNeverEndsAndSayWhatItHasNotHandled() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (FedRing fed = new FedRing(8, 4_096, worker(() -> frame -> {
                    busy.countDown();
                    awaitUninterruptibly(end);
                }))
                .start()) {
            fed.put(new byte[60], 0);
            fed.put(new byte[60], 1);
            fed.ring().flush();
            busy.await();
            fed.worker(0).drain();
            fed.worker(0).abandon();
            assertFalse(fed.worker(0).join(soon()));
            assertTrue(fed.worker(0).isAlive());
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
