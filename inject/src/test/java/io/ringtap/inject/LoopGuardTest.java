package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.Frame;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.testnet.VethPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams whose frames come back and make them send more, and others whose frames come back and do not. */
class LoopGuardTest extends LoopFixture {
    private static final long WINDOW = LoopGuard.WINDOW.toNanos();

    private final AtomicInteger returned = new AtomicInteger(-7); // wraps on its way
    private final AtomicInteger closed = new AtomicInteger();

    private final ReturnedFrames counted = new ReturnedFrames() {
        @Override
        public int count() {
            return returned.get();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    };

    @Test
    void shouldFindALoopWhenHalfOfWhatSetTheStreamOffWasItsOwn() {
        LoopGuard guard = new LoopGuard(counted, 10, 1, 0);
        returned.addAndGet(499);
        assertFalse(guard.isLoop(100, WINDOW));
        returned.addAndGet(500);
        assertFalse(guard.isLoop(200, 2 * WINDOW - 1), "the window has not ended");
        assertTrue(guard.isLoop(200, 2 * WINDOW));
        assertFalse(guard.isLoop(200, 3 * WINDOW));
    }

    @Test
    void shouldKnowThatABurstIsSetOffByFewerFramesThanItHas() {
        LoopGuard guard = new LoopGuard(counted, 100, 50, 0); // 100 frames are sent for 200
        returned.addAndGet(99);
        assertFalse(guard.isLoop(100, WINDOW));
        returned.addAndGet(100);
        assertTrue(guard.isLoop(200, 2 * WINDOW));
    }

    @Test
    void shouldFindNoLoopInAFewFrames() {
        LoopGuard guard = new LoopGuard(counted, 1, 1, 0);
        returned.addAndGet(1_000);
        assertFalse(guard.isLoop(LoopGuard.LEAST_SENT - 1, WINDOW));
    }

    @Test
    void shouldStopAStreamThatSetsItselfOffUntilItIsStartedAgain() throws Exception {
        injector.behaviour = frame -> {
            returned.incrementAndGet();
            published.incrementAndGet(); // it comes back at once, and counts
            return InjectResult.SENT;
        };
        try (InjectLoop loop = guarded(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            published.incrementAndGet();
            loop.wake();
            VethPair.await(() -> loop.statuses().getFirst().state() == StreamState.LOOPED);
            long sent = sent(loop, "a");
            published.addAndGet(1_000);
            loop.wake();
            pause(100);
            assertEquals(sent, sent(loop, "a"));
            assertEquals(1, loop.statuses().getFirst().loops());
            injector.behaviour = frame -> InjectResult.SENT;
            loop.command("a", new StreamCommand.Start()).get(10, TimeUnit.SECONDS);
            published.addAndGet(5);
            loop.wake();
            VethPair.await(() -> sent(loop, "a") == sent + 5);
        }
        assertEquals(1, closed.get());
    }

    @Test
    void shouldLetAStreamGoOnWhoseFramesComeBackAmongManyOthers() throws Exception {
        injector.behaviour = frame -> {
            returned.incrementAndGet();
            return InjectResult.SENT;
        };
        try (InjectLoop loop = guarded(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            for (int i = 0; i < 25; i++) {
                published.addAndGet(1_000);
                loop.wake();
                pause(100);
            }
            assertEquals(StreamState.RUNNING, loop.statuses().getFirst().state());
            assertEquals(2_500, sent(loop, "a"));
        }
    }

    @Test
    void shouldKnowAFrameByItsAddresses() {
        byte[] frame = TestFrames.frame(1);
        EtherAddresses addresses = EtherAddresses.of(frame);
        assertTrue(addresses.test(Frame.of(frame, frame.length, 0, "a")));
        for (int i = 0; i < 12; i++) {
            byte[] other = frame.clone();
            other[i] ^= (byte) 0x80;
            assertFalse(addresses.test(Frame.of(other, other.length, 0, "a")), "byte " + i);
        }
        assertFalse(addresses.test(Frame.of(new byte[11], 11, 0, "a")));
        assertEquals(
                "ether[0:4] = 0xaabbccdd and ether[4:4] = 0xeeff0200 and ether[8:4] = 0x00000001", addresses.filter());
    }

    private InjectLoop guarded(InjectConfig stream) throws OpenException {
        return InjectLoop.start(
                injector,
                List.of(stream),
                name -> published::get,
                (every, burst, addresses) -> Optional.of(counted),
                SendBudget.unlimited());
    }
}
