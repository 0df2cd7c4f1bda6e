package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.ledger.Progress;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** What whoever watches a worker for movement sees. */
class WorkerProgressTest {
    private final Semaphore let = new Semaphore(0);

    private FedRing ring(int threads, Share share) throws InterruptedException {
        return new FedRing(
                        64, 1 << 20, FedRing.worker("w", threads, share, () -> frame -> let.acquireUninterruptibly()))
                .start();
    }

    private static void put(FedRing ring, int frames) {
        for (int i = 0; i < frames; i++) {
            ring.put(new byte[64], i);
        }
        ring.ring().flush();
    }

    @Test
    void shouldHaveNoWorkWhileNothingComes() throws InterruptedException {
        try (FedRing ring = ring(1, Share.FLOW)) {
            Progress before = ring.worker(0).progress().getFirst();
            assertEquals(new Progress("worker-w-0", before.position(), false), before);
            assertEquals(before, ring.worker(0).progress().getFirst());
        }
    }

    @Test
    void shouldStandWithWorkWhileAHandlerHangsOnTheLastFrame() throws InterruptedException {
        try (FedRing ring = ring(1, Share.FLOW)) {
            put(ring, 1);
            Progress hung = ring.worker(0).progress().getFirst();
            assertTrue(hung.busy());
            assertEquals(hung, ring.worker(0).progress().getFirst());
            let.release();
            FedRing.await(() -> !ring.worker(0).progress().getFirst().busy());
            assertTrue(ring.worker(0).progress().getFirst().position() > hung.position());
        }
    }

    /** Slots are given back in groups: a handler that takes seconds for a frame moves all the same. */
    @Test
    void shouldMoveWithEachFrameOfASlowHandler() throws InterruptedException {
        try (FedRing ring = ring(1, Share.FLOW)) {
            put(ring, 10);
            for (int frame = 1; frame <= 9; frame++) {
                long before = ring.worker(0).progress().getFirst().position();
                let.release();
                FedRing.await(() -> ring.worker(0).progress().getFirst().position() > before);
                assertTrue(ring.worker(0).progress().getFirst().busy());
            }
            let.release();
            assertTrue(ring.finish());
        }
    }

    @Test
    void shouldTellTheThreadThatHangsFromTheOneThatDoesNot() throws InterruptedException {
        try (FedRing ring = new FedRing(64, 1 << 20, FedRing.worker("w", 2, Share.ROUND_ROBIN, () -> frame -> {
                    if (frame.timestampNanos() == 0) {
                        let.acquireUninterruptibly();
                    }
                }))
                .start()) {
            put(ring, 20); // the first is thread 0's
            FedRing.await(() -> !ring.worker(0).progress().get(1).busy());
            List<Progress> progress = ring.worker(0).progress();
            assertEquals("worker-w-0", progress.getFirst().thread());
            assertTrue(progress.getFirst().busy());
            assertEquals("worker-w-1", progress.get(1).thread());
            let.release();
            FedRing.await(() -> !ring.worker(0).progress().getFirst().busy());
        }
    }
}
