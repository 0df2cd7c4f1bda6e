package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.handler.CountHandler;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pipeline's own threads allocate once it is warm, by the JVM's counters: nothing that grows with frames. */
@Tag("live")
class AllocationTest extends SenderFixture {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_FRAMES = 200_000;
    private static final int FRAMES = 300_000;

    private volatile boolean held;

    /** Which threads wait for which. */
    enum Load {
        /** All wait for the source: a few frames come at a time. */
        IDLE(150_000),
        /** None waits for long: frames come as fast as they can be sent. */
        BUSY(0),
        /** The capture waits for a worker: the kernel ring holds all frames before the first is handled, and handlers pause. */
        HELD_UP(0);

        private final double rate;

        Load(double rate) {
            this.rate = rate;
        }
    }

    /** Waits while it is told to; then pauses for 10 ms every 1,000 frames, which is far slower than reading a ring. */
    private final class Pausing implements FrameHandler {
        private int frames;

        @Override
        public void onFrame(Frame frame) {
            while (held) {
                LockSupport.parkNanos(1_000_000);
            }
            if (++frames % 1_000 == 0) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private Tap start(Mode mode, int workerThreads, Load load) throws Exception {
        CaptureConfigBuilder config =
                LiveTap.near().mode(mode).bufferBytes(128L << 20).snaplenBytes(mode == Mode.LOW_LATENCY ? 300 : 65_535);
        List<HandlerFactory> handlers = new ArrayList<>(List.of(new HandlerFactory("count", CountHandler::new)));
        if (load == Load.HELD_UP) {
            handlers.add(new HandlerFactory("pausing", Pausing::new));
        }
        return LiveTap.start(config, LiveTap.worker("w", workerThreads, Share.FLOW, handlers));
    }

    private void send(Tap tap, Load load, int frames) {
        long before = tap.workerCounts().getFirst().delivered();
        held = load == Load.HELD_UP;
        far.sendUdp(frames, 200, load.rate);
        held = false;
        VethPair.await(() -> tap.workerCounts().getFirst().delivered() == before + frames);
    }

    /** Bytes allocated so far by each thread of the pipeline. */
    private static Map<String, Long> allocated() {
        Map<String, Long> bytes = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("(capture|worker)-.*")) {
                bytes.put(thread.getName(), THREADS.getThreadAllocatedBytes(thread.threadId()));
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "LOW_LATENCY, 1, IDLE",
        "LOW_LATENCY, 1, BUSY",
        "LOW_LATENCY, 2, IDLE",
        "LOW_LATENCY, 2, BUSY",
        "LOW_LATENCY, 2, HELD_UP",
        "THROUGHPUT, 1, IDLE",
        "THROUGHPUT, 1, BUSY",
        "THROUGHPUT, 2, IDLE",
        "THROUGHPUT, 2, BUSY",
        "THROUGHPUT, 2, HELD_UP"
    })
    void shouldAllocateNothingForAFrame(Mode mode, int workerThreads, Load load) throws Exception {
        try (Tap tap = start(mode, workerThreads, load)) {
            send(tap, load, WARM_UP_FRAMES);
            Map<String, Long> before = allocated();
            assertEquals(workerThreads == 1 ? 1 : 1 + workerThreads, before.size());
            send(tap, load, FRAMES);
            Map<String, Long> after = allocated();
            assertEquals(0, tap.counts().kernelDropped());
            assertTrue(load != Load.HELD_UP || tap.counts().blockedNanos() > 500_000_000, "nobody was held up");
            before.forEach((thread, bytes) -> {
                double perFrame = (double) (after.get(thread) - bytes) / FRAMES;
                assertTrue(perFrame < 1, thread + " allocates " + perFrame + " bytes a frame");
            });
        }
    }
}
