package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.LoopGuard;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams whose frames come back and make them send more, and others whose frames come back and do not. */
class LoopGuardTest extends LoopFixture {
    private static final long WINDOW = LoopGuard.WINDOW.toNanos();

    private final AtomicInteger returned = new AtomicInteger(-7); // wraps on its way
    private final AtomicInteger closed = new AtomicInteger();

    private final LoopedFrames counted = new LoopedFrames() {
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
            time.take(MILLI);
            returned.incrementAndGet();
            published.incrementAndGet(); // it comes back at once, and counts
            return InjectResult.SENT;
        };
        try (InjectLoop loop = guarded(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            published.incrementAndGet();
            loop.wake();
            VethPair.await(() -> state(loop) == StreamState.LOOPED);
            time.settle();
            long sent = sent(loop, "a");
            publish(loop, published.get() + 1_000);
            time.let(Duration.ofSeconds(1));
            assertEquals(sent, sent(loop, "a"));
            assertEquals(1, loop.statuses().getFirst().loops());
            injector.behaviour = frame -> InjectResult.SENT;
            done(loop.command("a", new StreamCommand.Start()));
            publish(loop, published.get() + 5);
            assertEquals(sent + 5, sent(loop, "a"));
            assertTrue(loop.stop(HANG));
        }
        assertEquals(1, closed.get());
    }

    @Test
    void shouldLetAStreamGoOnWhoseFramesComeBackAmongManyOthers() {
        injector.behaviour = frame -> {
            returned.incrementAndGet();
            return InjectResult.SENT;
        };
        try (InjectLoop loop = guarded(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            for (int i = 1; i <= 25; i++) {
                publish(loop, i * 1_000L);
                time.let(Duration.ofMillis(100));
            }
            assertEquals(StreamState.RUNNING, state(loop));
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

    private InjectLoop guarded(InjectConfig stream) {
        return start((every, burst, addresses) -> Optional.of(counted), SendBudget.unlimited(), stream);
    }
}
