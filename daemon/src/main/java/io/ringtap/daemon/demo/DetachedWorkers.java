package io.ringtap.daemon.demo;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Detached workers, each of which fails in a way of its own, and none of which may harm anything but itself. */
final class DetachedWorkers {
    private static final double TIMES_TOO_SLOW = 100;

    private DetachedWorkers() {}

    static List<WorkerConfig> of(String capture, double framesPerSecond) {
        long slowNanos = (long) (TIMES_TOO_SLOW * 1e9 / framesPerSecond);
        return List.of(
                worker("blocked", capture, () -> DetachedWorkers::block),
                worker("throwing", capture, () -> frame -> {
                    throw new IllegalStateException("on purpose, on every frame");
                }),
                worker("slow", capture, () -> frame -> calculate(slowNanos)));
    }

    private static WorkerConfig worker(String name, String capture, Supplier<FrameHandler> handler) {
        return new WorkerConfig(
                name, List.of(capture), 1, Share.FLOW, Delivery.DETACH, List.of(new HandlerFactory(name, handler)));
    }

    private static void block(Frame frame) throws InterruptedException {
        new CountDownLatch(1).await(); // nobody counts it down
    }

    private static void calculate(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }
}
