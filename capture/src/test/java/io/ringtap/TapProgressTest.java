package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.ledger.Progress;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What whoever watches a capture's threads for movement sees. */
@Tag("live")
class TapProgressTest {
    private final Semaphore let = new Semaphore(0);
    private VethPair pair;
    private FarSender far;

    @BeforeEach
    void open() {
        pair = VethPair.open();
        far = new FarSender();
    }

    @AfterEach
    void close() {
        let.release(1_000);
        far.close();
        pair.close();
    }

    /** A capture with one worker, whose handler waits for a permit for each frame. */
    private Tap start(Mode mode) throws Exception {
        return LiveTap.start(
                LiveTap.near().mode(mode).bufferBytes(4 << 20).snaplenBytes(1_980),
                LiveTap.worker("slow", 1, Share.FLOW, () -> frame -> let.acquireUninterruptibly()));
    }

    private static Progress worker(Tap tap) {
        return tap.progress().getFirst();
    }

    private static Progress capture(Tap tap) {
        return tap.progress().get(1);
    }

    private static void awaitMoveOf(Tap tap) {
        long before = capture(tap).position();
        VethPair.await(() -> capture(tap).position() > before);
    }

    @Test
    void shouldMoveOnASilentLink() throws Exception {
        for (Mode mode : Mode.values()) {
            try (Tap tap = start(mode)) {
                assertEquals("worker-slow-0 of capture near", worker(tap).thread());
                assertEquals("capture-near-0 of capture near", capture(tap).thread());
                assertFalse(worker(tap).busy());
                assertTrue(capture(tap).busy());
                awaitMoveOf(tap);
                awaitMoveOf(tap);
            }
        }
    }

    @Test
    void shouldMoveWithItsWorkerWhenTheCaptureThreadHandlesFramesItself() throws Exception {
        try (Tap tap = start(Mode.LOW_LATENCY)) {
            far.sendUdp(5, 100, 0);
            VethPair.await(let::hasQueuedThreads);
            assertTrue(worker(tap).busy());
            for (int frame = 0; frame < 3; frame++) {
                long before = capture(tap).position();
                assertEquals(before, capture(tap).position(), "hangs in the handler");
                let.release();
                VethPair.await(() -> capture(tap).position() > before && let.hasQueuedThreads());
            }
            let.release(10);
            assertTrue(tap.stop(VethPair.HANG));
        }
    }

    @Test
    void shouldHaveNoWorkOnceEnded() throws Exception {
        try (Tap tap = start(Mode.THROUGHPUT)) {
            assertTrue(tap.stop(VethPair.HANG));
            assertTrue(
                    tap.progress().stream().noneMatch(Progress::busy),
                    tap.progress().toString());
        }
    }
}
