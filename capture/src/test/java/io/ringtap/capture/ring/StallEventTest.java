package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.testjfr.FlightEvents;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

class StallEventTest {
    private static final int SLOTS = 8;

    private static void sleep(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    @Test
    void shouldTellWhichWorkerHeldTheCaptureUpAndHowLong() throws Exception {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(
                                SLOTS,
                                1 << 16,
                                FedRing.worker("quick", 1, Share.FLOW, () -> frame -> {}),
                                FedRing.worker(
                                        "slow", 1, Share.FLOW, () -> frame -> sleep(frame.length() == 100 ? 60 : 0)))
                        .start()) {
            fed.put(new byte[100], 0);
            for (int i = 0; i < SLOTS; i++) {
                fed.put(new byte[60], i); // the last has no room until the first is handled
            }
            assertTrue(fed.finish());
            RecordedEvent stall = theOnlyOne(flight.end());
            assertEquals("slow", stall.getString("worker"));
            assertEquals("test", stall.getString("capture"));
            long millis = stall.getDuration("heldUp").toMillis();
            assertTrue(millis >= 20 && millis < 5_000, millis + " ms");
        }
    }

    private static RecordedEvent theOnlyOne(List<RecordedEvent> events) {
        assertEquals(1, events.size(), events::toString);
        return events.getFirst();
    }

    @Test
    void shouldTellOfAWorkerOnTheCaptureThreadToo() throws Exception {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(SLOTS, 1 << 16, FedRing.worker(() -> frame -> sleep(30)))) {
            fed.worker(0).runOnCaptureThread();
            assertNull(fed.worker(0).start(Duration.ofSeconds(1)));
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
