package io.ringtap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A tap that waits for its interface, with one gate worker {@code w}, and what tests ask of it. */
record ReopeningTap(Tap tap) implements AutoCloseable {
    static CaptureConfig config(String interfaceName, Mode mode, Engine engine, int threads) {
        return builder(interfaceName, mode, engine, threads).build();
    }

    /**
     * One whose ring holds tens of thousands of frames that nobody reads, however slowly they come: of its 64 blocks the kernel
     * gives one away with each timeout, full or not.
     */
    static CaptureConfig holding() {
        return builder(VethPair.NEAR, Mode.THROUGHPUT, Engine.FFM, 1)
                .timeout(Duration.ofSeconds(1))
                .build();
    }

    private static CaptureConfigBuilder builder(String interfaceName, Mode mode, Engine engine, int threads) {
        return CaptureConfig.builder(interfaceName, new CaptureOrigin.Live(interfaceName, Missing.WAIT))
                .mode(mode)
                .engine(engine)
                .bufferBytes(16L << 20)
                .snaplenBytes(256)
                .filter("udp")
                .threads(threads);
    }

    static ReopeningTap start(CaptureConfig config, Supplier<FrameHandler> handler) throws Exception {
        WorkerConfig worker = new WorkerConfig(
                "w", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(new HandlerFactory("test", handler)));
        Tap tap = Tap.open(config, List.of(worker), () -> frame -> false);
        tap.start();
        return new ReopeningTap(tap);
    }

    static ReopeningTap start() throws Exception {
        return start(config(VethPair.NEAR, Mode.THROUGHPUT, Engine.FFM, 1), () -> frame -> {});
    }

    static void send(long count) {
        try (FarSender far = new FarSender()) {
            far.sendUdp(count, 100, 0);
        }
    }

    void await(CaptureState state) {
        VethPair.await(() -> tap.counts().state() == state);
    }

    void awaitReceived(long frames) {
        VethPair.await(() -> tap.counts().received() >= frames);
    }

    List<Gap> gaps() {
        return tap.counts().gaps().latest();
    }

    boolean stop() throws InterruptedException {
        return tap.stop(VethPair.HANG);
    }

    Ledger ledger() {
        List<WorkerCounts> workers = tap.workerCounts();
        return new Ledger(List.of(tap.counts()), workers, List.of(), tap.handlerCounts(), tap.drained());
    }

    @Override
    public void close() {
        tap.close();
    }
}
