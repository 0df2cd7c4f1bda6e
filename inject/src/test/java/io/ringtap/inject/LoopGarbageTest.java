package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.BitRate;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.config.Schedule.Rate;
import io.ringtap.inject.config.Schedule.TopSpeed;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.send.NowhereInjector;
import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the inject thread allocates while frames go through all of it. */
class LoopGarbageTest {
    /** By then what is made once is there. */
    private static final int FIRST_FRAMES = 20_000;

    private static final int FRAMES = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong published = new AtomicLong();
    private final Nowhere nowhere = new Nowhere();

    @ParameterizedTest
    @ValueSource(strings = {"rate", "bits", "burst", "top speed", "every-frames", "max-rate"})
    void shouldMakeNoGarbageForAFrame(String how) throws Exception {
        try (InjectLoop loop = start(how)) {
            VethPair.await(() -> {
                published.addAndGet(2_000);
                loop.wake();
                return nowhere.isOver;
            });
            long few = nowhere.bytesAt[1] - nowhere.bytesAt[0];
            long many = nowhere.bytesAt[2] - nowhere.bytesAt[1];
            // An object has 16 bytes or more; what is made now and then, however long it takes, counts nothing.
            assertTrue(
                    many - few < 3 * FRAMES,
                    FRAMES + " frames made " + few + " bytes of garbage, and four times as many " + many);
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
                nowhere, List.of(stream.build()), _ -> published::get, LoopedFrames.Opener.NONE, budget);
    }

    /** Notes what the thread has allocated at three of the frames. */
    private static final class Nowhere extends NowhereInjector {
        private static final int[] NOTED = {FIRST_FRAMES, FIRST_FRAMES + FRAMES, FIRST_FRAMES + 5 * FRAMES};

        private final long[] bytesAt = new long[NOTED.length];
        private volatile boolean isOver;
        private int frames;
        private int noted;

        Nowhere() {
            super("test0");
        }

        @Override
        public InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
            frames++;
            if (noted < NOTED.length && frames == NOTED[noted]) {
                bytesAt[noted++] = THREADS.getCurrentThreadAllocatedBytes();
                isOver = noted == NOTED.length;
            }
            return InjectResult.SENT;
        }
    }
}
