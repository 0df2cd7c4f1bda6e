package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the instances of a handler find around them, on their threads. */
class HandlerInstanceTest {
    /** Keeps what it is given. */
    private static final class Keeping implements FrameHandler {
        private volatile HandlerContext context;
        private volatile Object shared;

        @Override
        public void onStart(HandlerContext given) {
            context = given;
            shared = given.shared(Object::new);
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    private final List<Keeping> made = new ArrayList<>();

    private FrameHandler make() {
        made.add(new Keeping());
        return made.getLast();
    }

    /** Two rings of a capture, and a worker of two threads with two handlers on each. */
    private void startOnTwoRings(boolean live) throws InterruptedException {
        WorkerConfig config = FedRing.worker("w", 2, Share.FLOW, this::make, this::make);
        HandlerTables tables = new HandlerTables(config, "uplink", live);
        for (int i = 0; i < 2; i++) {
            FrameRing ring = new FrameRing(8, 4_096);
            CaptureFacts capture = new CaptureFacts("uplink", "near0", 65_535, "", 2, () -> null);
            Worker worker = new Worker(config, ring, capture, i, tables, () -> frame -> false);
            assertNull(worker.start(FedRing.HANG));
            worker.drain();
            assertTrue(worker.join(FedRing.inTheEnd()));
            ring.close();
        }
    }

    @Test
    void shouldBeMadeOnceForEachThreadOnEachRingAndNumberedOnOverThem() throws Exception {
        startOnTwoRings(true);
        assertEquals(2 * 2 * 2, made.size());
        assertEquals(
                List.of("0 of 4", "0 of 4", "1 of 4", "1 of 4", "2 of 4", "2 of 4", "3 of 4", "3 of 4"),
                made.stream()
                        .map(h -> h.context.thread() + " of " + h.context.threads())
                        .toList());
        assertEquals(
                "uplink w",
                made.getLast().context.captureName() + " "
                        + made.getLast().context.workerName());
    }

    @Test
    void shouldHaveInCommonWhatTheFirstMadeWithAllOfItsHandlerAndWithNoOther() throws Exception {
        startOnTwoRings(true);
        for (int i = 2; i < made.size(); i++) {
            assertSame(made.get(i % 2).shared, made.get(i).shared);
        }
        assertNotSame(made.get(0).shared, made.get(1).shared);
    }

    @Test
    void shouldTellWhetherFramesComeAsTheyHappen() throws Exception {
        startOnTwoRings(true);
        assertTrue(made.getLast().context.live());
        startOnTwoRings(false);
        assertFalse(made.getLast().context.live());
    }
}
