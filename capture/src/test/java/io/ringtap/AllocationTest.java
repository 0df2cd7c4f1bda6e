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

/**
 * What the pipeline's own threads allocate once it is warm, by the JVM's counters: nothing that grows with frames, or with
 * waits. A run of some length and one of four times that, again and again: what a frame costs shows in each of them, what
 * the JVM spends on linking and compiling only in some, so the least of each length counts.
 */
@Tag("live")
class AllocationTest extends SenderFixture {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_FRAMES = 100_000;
    private static final int SHORT_FRAMES = 20_000;
    private static final int LONG_FRAMES = 4 * SHORT_FRAMES;
    private static final int LEAST_ROUNDS = 3;

    /** When a busy machine may have compiled everything. */
    private static final int MOST_ROUNDS = 15;

    /** The smallest object has 16 bytes. What is done ten times a second, however few frames come, is far less than this. */
    private static final double NO_BYTES_A_FRAME = 0.1;

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

    /** Sends frames, and waits until they are handled. */
    private void send(Tap tap, Load load, int frames) {
        long before = tap.workerCounts().getFirst().delivered();
        long blockedBefore = tap.counts().blockedNanos();
        held = load == Load.HELD_UP;
        far.sendUdp(frames, 200, load.rate);
        if (held) {
            VethPair.await(() -> tap.counts().blockedNanos() > blockedBefore);
            held = false;
        }
        VethPair.await(() -> tap.workerCounts().getFirst().delivered() == before + frames);
    }

    /** Bytes allocated by each thread of the pipeline while it handles so many frames. */
    private Map<String, Long> allocated(Tap tap, Load load, int frames) {
        Map<String, Long> before = allocated();
        send(tap, load, frames);
        Map<String, Long> bytes = allocated();
        assertEquals(before.keySet(), bytes.keySet());
        bytes.replaceAll((thread, after) -> after - before.get(thread));
        return bytes;
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
        // Takes some seconds: a warm-up until the JVM has compiled the path, and two lengths of run.
        try (Tap tap = start(mode, workerThreads, load)) {
            send(tap, load, WARM_UP_FRAMES);
            assertEquals(workerThreads == 1 ? 1 : 1 + workerThreads, allocated().size());
            Map<String, Long> leastShort = new TreeMap<>();
            Map<String, Long> leastLong = new TreeMap<>();
            for (int round = 1; round <= MOST_ROUNDS; round++) {
                allocated(tap, load, SHORT_FRAMES)
                        .forEach((thread, bytes) -> leastShort.merge(thread, bytes, Math::min));
                allocated(tap, load, LONG_FRAMES).forEach((thread, bytes) -> leastLong.merge(thread, bytes, Math::min));
                if (round >= LEAST_ROUNDS && greatest(perFrame(leastShort, leastLong)) < NO_BYTES_A_FRAME) {
                    break;
                }
            }
            Map<String, Double> perFrame = perFrame(leastShort, leastLong);
            assertTrue(greatest(perFrame) < NO_BYTES_A_FRAME, "bytes a frame: " + perFrame);
            assertEquals(0, tap.counts().kernelDropped());
        }
    }

    private static Map<String, Double> perFrame(Map<String, Long> shortRun, Map<String, Long> longRun) {
        Map<String, Double> perFrame = new TreeMap<>();
        longRun.forEach((thread, bytes) ->
                perFrame.put(thread, (double) (bytes - shortRun.get(thread)) / (LONG_FRAMES - SHORT_FRAMES)));
        return perFrame;
    }

    private static double greatest(Map<String, Double> perFrame) {
        return perFrame.values().stream().mapToDouble(Math::abs).max().orElseThrow();
    }
}
