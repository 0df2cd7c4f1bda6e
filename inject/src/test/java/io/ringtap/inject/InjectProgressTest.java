package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.ledger.Progress;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What whoever watches an inject loop for movement sees. */
@Timeout(30)
class InjectProgressTest {
    private final RecordingInjector injector = new RecordingInjector();
    private final Semaphore let = new Semaphore(0);

    private InjectLoop start(Schedule schedule) throws OpenException {
        InjectConfig stream = InjectConfig.builder("a", "test0", schedule, TestFrames.template(1))
                .build();
        try {
            return InjectLoop.start(injector, List.of(stream), _ -> () -> 0);
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
    void shouldStandWithWorkWhileASendHangsAndMoveWhenFramesGo() throws OpenException {
        injector.behaviour = frame -> {
            let.acquireUninterruptibly();
            return InjectResult.SENT;
        };
        try (InjectLoop loop = start(new Schedule.Rate(10_000))) {
            VethPair.await(() -> !injector.frames.isEmpty());
            Progress hung = loop.progress();
            assertTrue(hung.busy());
            assertEquals(hung, loop.progress());
            let.release(4); // a late stream sends up to four before they are counted
            VethPair.await(() -> loop.progress().position() > hung.position());
            let.release(1_000_000);
            assertTrue(loop.stop(Duration.ofSeconds(5)));
            assertFalse(loop.progress().busy());
        }
    }
}
