package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.ledger.Progress;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What whoever watches an inject loop for movement sees. */
class InjectProgressTest {
    /** A stream of which so many frames are due sends them before they are counted. */
    private static final int TOGETHER = 4;

    private final RecordingInjector injector = new RecordingInjector();
    private final Semaphore let = new Semaphore(0);
    private final AtomicLong published = new AtomicLong();

    private InjectLoop start(Schedule schedule) throws OpenException {
        InjectConfig stream = InjectConfig.builder("a", "test0", schedule, TestFrames.template(1))
                .build();
        try {
            return InjectLoop.start(injector, List.of(stream), _ -> published::get);
        } catch (OpenException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldHaveNoWorkWhileNoFrameIsDue() throws OpenException {
        try (InjectLoop loop = start(new Schedule.Every(Duration.ofDays(1)))) {
            VethPair.await(() -> !loop.progress().busy());
            assertEquals("inject-test0", loop.progress().thread());
        }
    }

    @Test
    void shouldStandWithWorkWhileASendHangsAndMoveByTheFramesThatAreCountedTogether() throws OpenException {
        injector.behaviour = this::hang;
        published.set(2 * TOGETHER);
        try (InjectLoop loop = start(new Schedule.EveryFrames(1, "uplink"))) {
            VethPair.await(() -> injector.frames.size() == 1);
            Progress hung = loop.progress();
            assertTrue(hung.busy());
            let.release(TOGETHER - 1);
            VethPair.await(() -> injector.frames.size() == TOGETHER);
            assertEquals(hung, loop.progress(), "the last of them hangs");
            let.release();
            VethPair.await(() -> injector.frames.size() == TOGETHER + 1);
            assertEquals(new Progress(hung.thread(), hung.position() + TOGETHER, true), loop.progress());
            let.release(TOGETHER);
            assertTrue(loop.stop(LoopFixture.HANG));
            assertFalse(loop.progress().busy());
            assertEquals(2 * TOGETHER, injector.frames.size());
        }
    }

    @Test
    void shouldMoveWithEachFrameThatFallsDueAlone() throws OpenException {
        injector.behaviour = this::hang;
        try (InjectLoop loop = start(new Schedule.EveryFrames(1, "uplink"))) {
            for (int frames = 1; frames <= 3; frames++) {
                VethPair.await(() -> !loop.progress().busy());
                published.set(frames);
                loop.wake();
                int number = frames;
                VethPair.await(() -> injector.frames.size() == number);
                Progress hung = loop.progress();
                assertTrue(hung.busy());
                let.release();
                VethPair.await(() -> loop.counts().getFirst().sent() == number);
                assertTrue(loop.progress().position() > hung.position());
            }
        }
    }

    private InjectResult hang(byte[] frame) {
        let.acquireUninterruptibly();
        return InjectResult.SENT;
    }
}
