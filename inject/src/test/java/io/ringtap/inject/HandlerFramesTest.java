package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What handlers send, on its way through the loop. */
class HandlerFramesTest extends LoopFixture {
    @Test
    void shouldSendFramesOfHandlersFromManyThreadsAndThoseStillQueuedAtTheStop() throws InterruptedException {
        InjectLoop loop = start();
        FrameSender sender = loop.sender();
        CountDownLatch done = new CountDownLatch(3);
        for (int t = 1; t <= 3; t++) {
            byte[] frame = TestFrames.frame(t);
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    sender.send(frame);
                }
                done.countDown();
            });
        }
        done.await();
        assertTrue(loop.stop(HANG));
        InjectCounts counts = counts(loop, "handlers");
        assertEquals(3000, counts.sent() + counts.failed());
        assertEquals(3000, counts.sent());
        assertEquals(3000, injector.frames.size());
    }

    @Test
    void shouldCopyAFrameThatAHandlerSends() {
        CountDownLatch go = new CountDownLatch(1);
        try (InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            injector.behaviour = frame -> wait(go);
            published.set(1);
            loop.wake();
            VethPair.await(() -> injector.frames.size() == 1);
            byte[] frame = TestFrames.frame(7);
            assertTrue(loop.sender().send(frame));
            Arrays.fill(frame, (byte) 0);
            go.countDown();
            VethPair.await(() -> injector.frames.size() == 2);
        }
        assertEquals(7, TestFrames.mark(injector.frames.get(1)));
    }

    @Test
    void shouldRefuseAndCountFramesOfHandlersThatDoNotFit() {
        CountDownLatch go = new CountDownLatch(1);
        injector.behaviour = frame -> wait(go);
        try (InjectLoop loop = start()) {
            FrameSender sender = loop.sender();
            assertTrue(sender.send(TestFrames.frame(1)));
            VethPair.await(() -> injector.frames.size() == 1);
            for (int i = 0; i < InjectLoop.RING_FRAMES; i++) {
                assertTrue(sender.send(TestFrames.frame(1)));
            }
            assertFalse(sender.send(TestFrames.frame(1)));
            assertFalse(sender.send(TestFrames.frame(1)));
            go.countDown();
            VethPair.await(() -> counts(loop, "handlers").sent() == 1 + InjectLoop.RING_FRAMES);
            assertEquals(Map.of("ring_full", 2L), counts(loop, "handlers").failures());
            assertEquals(2, counts(loop, "handlers").failed());
        }
    }

    @Test
    void shouldRefuseAndCountFramesOfHandlersAfterTheStop() {
        InjectLoop loop = start();
        FrameSender sender = loop.sender();
        assertTrue(loop.stop(HANG));
        assertFalse(sender.send(TestFrames.frame(1)));
        assertEquals(Map.of("stopped", 1L), counts(loop, "handlers").failures());
    }

    @Test
    void shouldShowFramesOfHandlersOnlyOnceASenderWasGiven() {
        try (InjectLoop loop = start(stream("a", NEVER, 0, 1))) {
            assertEquals(
                    List.of("a"), loop.counts().stream().map(InjectCounts::name).toList());
            loop.sender();
            assertEquals(
                    List.of("a", "handlers"),
                    loop.counts().stream().map(InjectCounts::name).toList());
        }
    }
}
