package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testjfr.FlightEvents;
import io.ringtap.testnet.VethPair;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossBurstEventTest {
    private static final FrameSink SINK = new FrameSink() {
        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            return true;
        }

        @Override
        public void flush() {}
    };

    private final ScriptedSource source = new ScriptedSource();
    private final CaptureLoop loop = new CaptureLoop(source, SINK, "capture-test-0", () -> {});

    @AfterEach
    void close() throws InterruptedException {
        stop();
        source.close();
    }

    private void start() throws InterruptedException {
        assertNull(loop.prepare(VethPair.HANG));
        loop.start();
    }

    private void stop() throws InterruptedException {
        loop.stop(System.nanoTime());
        assertTrue(loop.join(System.nanoTime() + VethPair.HANG.toNanos()));
    }

    private void awaitLooks(int more) {
        int looks = source.looks() + more;
        VethPair.await(() -> source.looks() >= looks);
    }

    @Test
    void shouldTellEachBurstOnceWithAllThatWasLostInIt() throws Exception {
        source.drop(7); // before anybody recorded
        try (FlightEvents flight = FlightEvents.record("io.ringtap.LossBurst")) {
            start();
            awaitLooks(1);
            source.drop(100);
            awaitLooks(3); // one that began before, one that sees it, one that sees no more
            source.drop(50);
            stop();
            List<RecordedEvent> bursts = flight.end();
            assertEquals(
                    List.of(100L, 50L),
                    bursts.stream().map(burst -> burst.getLong("frames")).toList());
            for (RecordedEvent burst : bursts) {
                assertEquals("capture-test-0", burst.getString("ring"));
                assertTrue(burst.getDuration().isPositive(), burst::toString);
            }
        }
    }

    @Test
    void shouldNotLookWhileNobodyRecords() throws Exception {
        start();
        VethPair.await(() -> source.polls() >= 5); // an idle capture polls ten times a second
        assertEquals(0, source.looks());
    }
}
