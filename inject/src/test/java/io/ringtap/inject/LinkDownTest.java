package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.Schedule.Rate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A link that goes down and comes up again: nothing is sent, everything is counted, and nothing leaves in a burst. */
class LinkDownTest extends LoopFixture {
    private final List<Long> sentAtNanos = new CopyOnWriteArrayList<>();

    @Test
    void shouldTryNoFrameWhileTheLinkIsKnownToBeDownAndCountEachThatFellDue() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            published.set(1_234);
            loop.wake();
            VethPair.await(() -> counts(loop, "a").failed() == 123);
            assertEquals(Map.of("link_down", 123L), counts(loop, "a").failures());
            assertEquals(0, injector.frames.size());
            injector.linkDown = false;
            pause(2 * Link.LOOK_AGAIN.toMillis());
            published.set(1_300);
            loop.wake();
            VethPair.await(() -> sent(loop, "a") == 7);
            assertEquals(123, counts(loop, "a").failed());
        }
        assertEquals(7, injector.frames.size());
    }

    @Test
    void shouldPauseWhenASendSaysThatTheLinkIsDown() {
        injector.behaviour = frame -> injector.linkDown ? InjectResult.LINK_DOWN : InjectResult.SENT;
        try (InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            pause(20); // it has looked, and found the link up
            injector.linkDown = true;
            published.set(500);
            loop.wake();
            VethPair.await(() -> counts(loop, "a").failed() == 500);
            assertTrue(injector.frames.size() <= 1, "tried " + injector.frames.size());
        }
    }

    @Test
    void shouldGoOnAtItsRateWithoutABurstWhenTheLinkIsUp() {
        injector.behaviour = frame -> {
            sentAtNanos.add(System.nanoTime());
            return InjectResult.SENT;
        };
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(1_000), 1_000, 1))) {
            VethPair.await(() -> counts(loop, "a").failed() >= 400);
            injector.linkDown = false;
            VethPair.await(() -> counts(loop, "a").failed() + sent(loop, "a") == 1_000);
            InjectCounts counts = counts(loop, "a");
            assertEquals(counts.sent(), injector.frames.size());
            assertEquals(Map.of("link_down", counts.failed()), counts.failures());
            long sentIn = sentAtNanos.getLast() - sentAtNanos.getFirst();
            long leastNanos = (counts.sent() - 1) * 1_000_000 - 100_000_000;
            assertTrue(sentIn >= leastNanos, counts.sent() + " frames left in " + sentIn + " ns");
        }
    }

    @Test
    void shouldCountFramesOfHandlersAsFailedWhileTheLinkIsDownAndSendThoseThatComeLater() {
        injector.linkDown = true;
        try (InjectLoop loop = start()) {
            FrameSender sender = loop.sender();
            pause(20);
            for (int i = 0; i < 100; i++) {
                assertTrue(sender.send(TestFrames.frame(1)));
            }
            VethPair.await(() -> counts(loop, "handlers").failed() == 100);
            injector.linkDown = false;
            pause(2 * Link.LOOK_AGAIN.toMillis());
            assertTrue(sender.send(TestFrames.frame(2)));
            VethPair.await(() -> sent(loop, "handlers") == 1);
            assertEquals(List.of(2), injector.marks());
        }
    }

    @Test
    void shouldEndAStreamWhoseCountFellDueWhileTheLinkWasDown() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(1_000), 20, 1))) {
            VethPair.await(() -> loop.statuses().getFirst().state() == StreamState.ENDED);
            assertEquals(20, counts(loop, "a").failed());
        }
    }

    @Test
    void shouldNotUseTheProcessorWhileTheLinkIsDownHoweverMuchFallsDue() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(10_000), 0, 1))) {
            pause(100);
            long before = CpuTime.ofThread("inject-test0");
            pause(1_000);
            long used = CpuTime.ofThread("inject-test0") - before;
            assertTrue(used < 50_000_000, "used " + used + " ns in a second");
            assertTrue(loop.stop(SECOND));
        }
    }

    @Test
    void shouldGoOnAtTopSpeedAsSoonAsTheLinkIsUp() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Schedule.TopSpeed(), 0, 1))) {
            VethPair.await(() -> counts(loop, "a").failed() > 0);
            injector.linkDown = false;
            VethPair.await(() -> sent(loop, "a") > 0);
            assertTrue(counts(loop, "a").failed() < 100_000, counts(loop, "a").toString());
        }
    }

    @Test
    void shouldCountWhatFallsDueWhileTheLinkIsDownNotOnlyWhenItIsUp() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(100_000), 0, 1))) {
            VethPair.await(() -> counts(loop, "a").failed() >= 50_000);
            assertEquals(0, injector.frames.size());
        }
    }
}
