package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.WorkerCounts;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerSampleTest {
    private static final int FRAMES = 3_000;

    @ParameterizedTest
    @CsvSource({"1, FLOW, GATE", "4, FLOW, GATE", "3, ROUND_ROBIN, GATE", "1, FLOW, DETACH", "3, FLOW, DETACH"})
    void shouldHandleTheFramesOfTheSameFlowsAndCountTheOthers(int threads, Share share, Delivery delivery)
            throws Exception {
        RandomFrames frames = new RandomFrames(100);
        FlowSample sample = new FlowSample(0.3, Tunnels.INNER);
        Set<Long> handled = Collections.synchronizedSet(new HashSet<>());
        HandlerFactory keeper = new HandlerFactory("keeper", () -> frame -> {
            assertTrue(sample.takes(frame.flowHash()));
            handled.add(frame.timestampNanos());
        });
        WorkerConfig config = new WorkerConfig(
                "w", List.of(), threads, share, delivery, List.of(keeper), 0.3, 1 << 20, Tunnels.INNER, List.of());
        WorkerCounts counts;
        try (FedRing fed = new FedRing(4_096, 1 << 20, config).start()) {
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            counts = WorkerReport.of(fed.workers(), "test", false);
        }
        long expected = 0;
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = frames.frame(i);
            boolean taken = sample.takes(
                    io.ringtap.frame.Frame.of(frame, frame.length, i, "test").flowHash());
            assertEquals(taken, handled.contains((long) i), "frame " + i);
            expected += taken ? 1 : 0;
        }
        assertTrue(expected > 0 && expected < FRAMES, expected + " frames");
        assertEquals(expected, counts.delivered());
        assertEquals(FRAMES - expected, counts.sampledOut());
        assertEquals(0, counts.shed() + counts.failed() + counts.inFlight());
    }
}
