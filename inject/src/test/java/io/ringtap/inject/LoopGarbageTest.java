package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capture.OpenException;
import io.ringtap.inject.Schedule.BitRate;
import io.ringtap.inject.Schedule.EveryFrames;
import io.ringtap.inject.Schedule.Rate;
import io.ringtap.inject.Schedule.TopSpeed;
import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the inject thread allocates while frames go through all of it. */
class LoopGarbageTest {
    private static final int FRAMES = 100_000;

    /** Of any object; where few turns are made, not all of what a turn makes is compiled away. */
    private static final int LEAST_OBJECT_BYTES = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong published = new AtomicLong();
    private final Nowhere nowhere = new Nowhere();

    @ParameterizedTest
    @ValueSource(strings = {"rate", "bits", "burst", "top speed", "every-frames", "max-rate"})
    void shouldMakeNoGarbageForAFrame(String how) throws Exception {
        try (InjectLoop loop = start(how)) {
            awaitSent(loop, 1);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 4; round++) { // in the first ones the JVM still compiles
                long sent = sent(loop);
                long before = THREADS.getThreadAllocatedBytes(nowhere.thread);
                awaitSent(loop, sent + FRAMES);
                least = Math.min(least, THREADS.getThreadAllocatedBytes(nowhere.thread) - before);
            }
            assertTrue(least < FRAMES * LEAST_OBJECT_BYTES / 4, FRAMES + " frames made " + least + " bytes of garbage");
        }
    }

    private InjectLoop start(String how) throws OpenException {
        Schedule schedule = switch (how) {
            case "rate", "burst" -> new Rate(200_000);
            case "bits" -> new BitRate(200_000 * 8 * 60);
            case "every-frames" -> new EveryFrames(1, "uplink");
            default -> new TopSpeed();
        };
        InjectConfig.Builder stream = InjectConfig.builder("a", "test0", schedule, TestFrames.template(1))
                .burst(how.equals("burst") ? 8 : 1);
        SendBudget budget = how.equals("max-rate") ? SendBudget.of(new Rate(200_000)) : SendBudget.unlimited();
        return InjectLoop.start(
                nowhere, List.of(stream.build()), _ -> published::get, ReturnedFrames.Opener.NONE, budget);
    }

    private void awaitSent(InjectLoop loop, long frames) {
        VethPair.await(() -> {
            published.addAndGet(2_000);
            loop.wake();
            return sent(loop) >= frames;
        });
    }

    private static long sent(InjectLoop loop) {
        return loop.counts().getFirst().sent();
    }

    private static final class Nowhere extends NowhereInjector {
        private volatile long thread;

        Nowhere() {
            super("test0");
        }

        @Override
        public void prepareThread() {
            thread = Thread.currentThread().threadId();
        }
    }
}
