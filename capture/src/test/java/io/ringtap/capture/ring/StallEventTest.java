package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.testjfr.FlightEvents;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

class StallEventTest {
    private static final int SLOTS = 8;

    @Test
    void shouldTellWhichWorkerHeldTheCaptureUpAndHowLong() throws Exception {
        Semaphore may = new Semaphore(0);
        CountDownLatch hasTheFirst = new CountDownLatch(1);
        OwnWait wait = new OwnWait(3, 10_000_000, may::release);
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(
                                wait.ring(SLOTS, 1 << 16),
                                FedRing.worker("quick", 1, Share.FLOW, () -> frame -> {}),
                                FedRing.worker("slow", 1, Share.FLOW, () -> frame -> {
                                    hasTheFirst.countDown();
                                    may.acquire();
                                }))
                        .start()) {
            fed.put(new byte[60], 0);
            fed.ring().flush();
            hasTheFirst.await(); // alone: its slot is given back without the others'
            for (int i = 1; i < SLOTS; i++) {
                fed.put(new byte[60], i);
            }
            fed.ring().flush();
            FedRing.await(() -> fed.worker(0).position() == SLOTS - 1);
            fed.put(new byte[60], SLOTS); // has no room until the slow one has handled the first
            may.release(SLOTS);
            fed.ring().flush();
            assertTrue(fed.finish());
            RecordedEvent stall = theOnlyOne(flight.end());
            assertEquals("slow", stall.getString("worker"));
            assertEquals("test", stall.getString("capture"));
            assertEquals(30, stall.getDuration("heldUp").toMillis());
        }
    }

    private static RecordedEvent theOnlyOne(List<RecordedEvent> events) {
        assertEquals(1, events.size(), events::toString);
        return events.getFirst();
    }

    @Test
    void shouldTellOfAWorkerOnTheCaptureThreadToo() throws Exception {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(SLOTS, 1 << 16, FedRing.worker(() -> frame -> Thread.sleep(30)))) {
            fed.worker(0).runOnCaptureThread();
            assertNull(fed.worker(0).start(FedRing.HANG));
            assertNull(fed.ring().begin());
            fed.put(new byte[60], 0);
            fed.ring().flush();
            fed.ring().end();
            assertEquals("w", theOnlyOne(flight.end()).getString("worker"));
        }
    }

    @Test
    void shouldNotTellOfAWaitThatIsShort() throws Exception {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(SLOTS, 1 << 16, FedRing.worker(() -> frame -> {}))) {
            fed.worker(0).stalled(StallEvent.LEAST_NANOS - 1);
            fed.worker(0).stalled(StallEvent.LEAST_NANOS);
            assertEquals(20, theOnlyOne(flight.end()).getDuration("heldUp").toMillis());
        }
    }
}
