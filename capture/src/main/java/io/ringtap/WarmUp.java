package io.ringtap;

import io.ringtap.capture.FrameSink;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.pcap.WarmUpSource;
import io.ringtap.capture.ring.FrameRing;
import io.ringtap.capture.ring.HandlerTables;
import io.ringtap.capture.ring.InPlaceSink;
import io.ringtap.capture.ring.Worker;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.handler.CountHandler;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Runs made-up frames through a pipeline of its own, so that the JVM has compiled the path of a frame when the first real
 * one comes: interpreted, it takes some fifty times as long, which at a million frames a second is longer than the
 * kernel's ring lasts.
 */
public final class WarmUp {
    private static final int FRAME_BYTES = 2_048;
    private static final int READ_FRAMES = 16;

    private static final CaptureFacts FACTS = new CaptureFacts(
            "warm-up",
            "",
            FRAME_BYTES,
            "",
            1,
            () -> new CaptureCounts(
                    "warm-up",
                    "",
                    CaptureState.RUNNING,
                    0,
                    0,
                    0,
                    OptionalLong.empty(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    OptionalDouble.empty(),
                    GapCounts.NONE));

    private WarmUp() {}

    /** Warms up for a time what workers will be run by; a process needs it once, before {@link Tap#start()}. */
    public static void run(Duration time, List<WorkerConfig> workers) throws InterruptedException {
        boolean inPlace = workers.stream().anyMatch(worker -> worker.delivery() == Delivery.IN_PLACE);
        boolean throughRing = workers.stream().anyMatch(worker -> worker.delivery() != Delivery.IN_PLACE);
        int ways = (inPlace ? 1 : 0) + (throughRing ? 2 : 0);
        if (throughRing) {
            run(time.dividedBy(ways), 2, Delivery.GATE);
            run(time.dividedBy(ways), 1, Delivery.GATE);
        }
        if (inPlace) {
            run(time.dividedBy(ways), 1, Delivery.IN_PLACE);
        }
    }

    /** As {@link Lane} does: a worker of one thread is run by the capture thread. */
    private static void run(Duration time, int threads, Delivery delivery) throws InterruptedException {
        WorkerConfig config = new WorkerConfig(
                "warm-up",
                List.of(),
                threads,
                Share.FLOW,
                delivery,
                List.of(new HandlerFactory("count", CountHandler::new)));
        FrameRing ring = new FrameRing(FRAME_BYTES);
        FrameSink sink = delivery == Delivery.IN_PLACE ? new InPlaceSink(ring, "warm-up", TunnelPorts.DEFAULT) : ring;
        Worker worker = new Worker(config, ring, FACTS, 0, new HandlerTables(config, "warm-up"), () -> _ -> false);
        if (threads == 1 && delivery == Delivery.GATE) {
            worker.runOnCaptureThread();
        }
        worker.start(Duration.ofSeconds(30));
        sink.begin();
        try (WarmUpSource source = new WarmUpSource()) {
            long deadline = System.nanoTime() + time.toNanos();
            while (System.nanoTime() - deadline < 0) {
                source.poll(sink, READ_FRAMES);
                sink.flush();
            }
        }
        worker.drain();
        worker.join(System.nanoTime() + Duration.ofSeconds(5).toNanos());
        sink.end();
        ring.close();
    }
}
