package io.ringtap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.VethPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Taps on the near end of a veth pair, by the capture name {@code near}, whose handlers cannot send. */
final class LiveTap {
    private LiveTap() {}

    /** A capture with every default. */
    static CaptureConfigBuilder near() {
        return CaptureConfig.builder("near", new CaptureOrigin.Live(VethPair.NEAR));
    }

    /** A gate worker of one handler. */
    static WorkerConfig worker(String name, int threads, Share share, Supplier<FrameHandler> handler) {
        return worker(name, threads, share, List.of(new HandlerFactory("test", handler)));
    }

    /** A gate worker of handlers. */
    static WorkerConfig worker(String name, int threads, Share share, List<HandlerFactory> handlers) {
        return new WorkerConfig(name, List.of(), threads, share, Delivery.GATE, handlers);
    }

    static Tap start(CaptureConfigBuilder config, WorkerConfig... workers) throws Exception {
        Tap tap = open(config, workers);
        tap.start();
        return tap;
    }

    static Tap open(CaptureConfigBuilder config, WorkerConfig... workers) throws Exception {
        return Tap.open(config.build(), List.of(workers), () -> frame -> false);
    }

    /** Waits until so many frames have come to the kernel's rings. */
    static void awaitReceived(Tap tap, long frames) {
        VethPair.await(() -> tap.counts().received() >= frames);
    }

    /**
     * Whether most of a ring of some megabytes is free: what a sender may ask that must not make it run over. Where frames come
     * slowly, its blocks are used up with few of them in each.
     */
    static boolean hasRoom(Tap tap) {
        CaptureCounts counts = tap.counts();
        return counts.received() - counts.published() < 10_000
                && counts.kernelRingFill().orElse(0) < 0.5;
    }

    static Ledger ledger(Tap tap) {
        return new Ledger(List.of(tap.counts()), tap.workerCounts(), List.of(), tap.handlerCounts(), tap.drained());
    }

    /** Copies of all frames, of all threads of a worker {@code w}. */
    record Kept(List<Frame> frames) {
        Kept() {
            this(Collections.synchronizedList(new ArrayList<>()));
        }

        WorkerConfig worker() {
            return LiveTap.worker("w", 1, Share.FLOW, this::handler);
        }

        FrameHandler handler() {
            return frame -> frames.add(frame.copy());
        }
    }
}
