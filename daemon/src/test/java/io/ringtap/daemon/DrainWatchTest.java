package io.ringtap.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.WorkerCounts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrainWatchTest {
    private static final long SECOND = 1_000_000_000;

    private final DrainWatch remainder = new DrainWatch();

    private static WorkerCounts worker(boolean detached, long delivered) {
        return new WorkerCounts(
                "w", "trace", detached ? "detach" : "gate", 100, delivered, 0, 0, 0, 0, 0, 0, Optional.empty());
    }

    @Test
    void shouldBeOverWhenEveryFrameIsHandled() {
        assertTrue(remainder.isOver(List.of(worker(true, 100), worker(false, 100)), 0));
        assertFalse(remainder.isOver(List.of(worker(true, 100), worker(false, 99)), 0));
    }

    @Test
    void shouldGiveAGateWorkerAllTheTimeItNeeds() {
        for (long second = 0; second < 10_000; second += 100) {
            assertFalse(remainder.isOver(List.of(worker(false, 99)), second * SECOND));
        }
    }

    @Test
    void shouldWaitForADetachedWorkerThatGetsOnAndNotForOneThatHangs() {
        for (long frame = 0; frame < 50; frame++) {
            assertFalse(remainder.isOver(List.of(worker(true, frame)), frame * 29 * SECOND), "slow, but moves");
        }
        long from = 49 * 29 * SECOND;
        assertFalse(remainder.isOver(List.of(worker(true, 49)), from + DrainWatch.STILL.toNanos() - 1));
        assertTrue(remainder.isOver(List.of(worker(true, 49)), from + DrainWatch.STILL.toNanos()));
        assertTrue(remainder.isOver(List.of(worker(true, 49)), from + DrainWatch.STILL.toNanos() + SECOND));
    }
}
