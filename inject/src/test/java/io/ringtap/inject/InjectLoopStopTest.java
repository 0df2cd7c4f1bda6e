package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What fails, and what is left when the loop ends. */
class InjectLoopStopTest extends LoopFixture {
    @Test
    void shouldCatchUpWithTheFinalPublishedCountBeforeItStops() {
        InjectLoop loop =
                start(stream("a", new EveryFrames(3, "uplink"), 0, 1), stream("b", new EveryFrames(2, "uplink"), 7, 2));
        published.set(10_000);
        assertTrue(loop.stop(HANG));
        assertEquals(3333, sent(loop, "a"));
        assertEquals(7, sent(loop, "b"));
    }

    @Test
    void shouldCountEachFailureByItsCauseAndSurviveWhateverAnInjectorThrows() {
        AtomicLong turn = new AtomicLong();
        injector.behaviour = frame -> switch ((int) (turn.getAndIncrement() % 6)) {
            case 0 -> InjectResult.TOO_LONG;
            case 1 -> InjectResult.NO_BUFFER;
            case 2 -> InjectResult.OTHER;
            case 3 -> throw new IllegalStateException("on purpose");
            case 4 -> throw new StackOverflowError("on purpose");
            default -> InjectResult.SENT;
        };
        published.set(60);
        InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1));
        assertTrue(loop.stop(HANG));
        InjectCounts counts = counts(loop, "a");
        assertEquals(10, counts.sent());
        assertEquals(50, counts.failed());
        assertEquals(Map.of("too_long", 10L, "no_buffer", 10L, "other", 30L), counts.failures());
        assertEquals("test0", counts.interfaceName());
    }

    @Test
    void shouldStopInTimeWhenSendsAreSlowAndCountWhatIsLeftAsFailed() {
        CountDownLatch stopped = new CountDownLatch(1);
        injector.behaviour = frame -> {
            wait(stopped);
            time.take(Duration.ofMillis(20));
            return InjectResult.SENT;
        };
        published.set(1000);
        InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 500, 1));
        FrameSender sender = loop.sender();
        for (int i = 0; i < 50; i++) {
            sender.send(TestFrames.frame(2));
        }
        VethPair.await(() -> injector.frames.size() == 1);
        Thread.ofPlatform().daemon().start(() -> loop.stop(Duration.ofMillis(200)));
        VethPair.await(() -> !loop.progress().busy()); // it is asked to
        stopped.countDown();
        assertFalse(loop.stop(HANG)); // the first one counts
        InjectCounts a = counts(loop, "a");
        InjectCounts handlers = counts(loop, "handlers");
        assertEquals(12, a.sent(), "four at a time, the last of them begun before the time was up");
        assertEquals(0, handlers.sent());
        assertEquals(500, a.sent() + a.failed());
        assertEquals(50, handlers.failed());
        assertEquals(12, injector.frames.size());
        assertEquals(1, injector.closed.get());
    }

    @Test
    void shouldStopWithoutAnyTimePassingWhenNothingIsDueAndStayStopped() {
        InjectLoop loop = start(stream("a", NEVER, 0, 1));
        time.settle();
        assertTrue(loop.stop(HANG));
        assertTrue(loop.stop(HANG));
        loop.close();
        loop.wake();
        assertTrue(time.passed().compareTo(MILLI) < 0, "passed " + time.passed());
        assertEquals(0, injector.frames.size());
        assertEquals(1, injector.closed.get());
    }
}
