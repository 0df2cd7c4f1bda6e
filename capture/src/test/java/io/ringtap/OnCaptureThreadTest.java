package io.ringtap;

import static io.ringtap.LiveTap.ledger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** On an interface, the capture thread runs a worker that is in place, and one of one thread that is alone. */
@Tag("live")
class OnCaptureThreadTest extends VethFixture {
    private static final int FRAMES = 20_000;

    /** Notes which thread called which method. */
    private static class Noting implements FrameHandler {
        final Set<String> calls = Collections.synchronizedSet(new LinkedHashSet<>());
        final CountDownLatch ticked = new CountDownLatch(3);
        final AtomicInteger frames = new AtomicInteger();

        void note(String method) {
            calls.add(method + " on " + Thread.currentThread().getName());
        }

        @Override
        public void onStart(HandlerContext context) throws Exception {
            note("onStart");
        }

        @Override
        public void onFrame(Frame frame) throws Exception {
            note("onFrame");
            frames.incrementAndGet();
        }

        @Override
        public void onBatchEnd() {
            note("onBatchEnd");
        }

        @Override
        public void onIdle() {
            note("onIdle");
            ticked.countDown();
        }

        @Override
        public void onStop() {
            note("onStop");
        }

        Set<String> called() {
            calls.remove("onIdle on worker-w-1"); // a thread that got no frame may have got a tick
            return Set.copyOf(calls);
        }
    }

    private static Tap open(Mode mode, Delivery delivery, FrameHandler handler) throws Exception {
        List<HandlerFactory> handlers = List.of(new HandlerFactory("test", () -> handler));
        return LiveTap.open(
                LiveTap.near().mode(mode).snaplenBytes(300),
                new WorkerConfig("w", List.of(), 1, Share.FLOW, delivery, handlers));
    }

    private static void send(int frames) {
        try (FarSender sender = new FarSender()) {
            sender.sendUdp(frames, 200, 100_000);
        }
    }

    private static Set<String> allOn(String thread) {
        return Set.of(
                "onStart on " + thread,
                "onFrame on " + thread,
                "onBatchEnd on " + thread,
                "onIdle on " + thread,
                "onStop on " + thread);
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, GATE", "LOW_LATENCY, GATE", "THROUGHPUT, IN_PLACE", "LOW_LATENCY, IN_PLACE"})
    void shouldCallAllMethodsOnOneThread(Mode mode, Delivery delivery) throws Exception {
        Noting handler = new Noting();
        try (Tap tap = open(mode, delivery, handler)) {
            tap.start();
            send(FRAMES);
            LiveTap.awaitReceived(tap, FRAMES);
            assertTrue(
                    handler.ticked.await(VethPair.HANG.toSeconds(), TimeUnit.SECONDS),
                    "a tick every 100 ms on a quiet link");
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(allOn("capture-near-0"), handler.called());
            assertEquals(FRAMES, handler.frames.get());
            assertEquals(FRAMES, tap.workerCounts().getFirst().delivered());
            assertEquals(0, ledger(tap).unaccounted());
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, GATE", "LOW_LATENCY, GATE", "THROUGHPUT, IN_PLACE", "LOW_LATENCY, IN_PLACE"})
    void shouldLetTheKernelHoldWhatComesWhileAHandlerIsBusy(Mode mode, Delivery delivery) throws Exception {
        Noting handler = new Noting() {
            @Override
            public void onFrame(Frame frame) throws Exception {
                super.onFrame(frame);
                if (frames.get() == 1) {
                    Thread.sleep(500);
                }
            }
        };
        try (Tap tap = open(mode, delivery, handler)) {
            tap.start();
            send(FRAMES);
            LiveTap.awaitReceived(tap, FRAMES);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(FRAMES, tap.workerCounts().getFirst().delivered());
            assertEquals(0, tap.counts().kernelDropped());
            long quickNanos = delivery == Delivery.IN_PLACE ? FRAMES * 1_000L : 0; // which are not held against it
            assertTrue(
                    tap.workerCounts().getFirst().blockedNanos() >= 500_000_000L - quickNanos,
                    "it held the capture up");
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, GATE", "LOW_LATENCY, GATE", "THROUGHPUT, IN_PLACE", "LOW_LATENCY, IN_PLACE"})
    void shouldStopThoughAHandlerNeverReturns(Mode mode, Delivery delivery) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        Noting handler = new Noting() {
            @Override
            public void onFrame(Frame frame) throws Exception {
                entered.countDown();
                new CountDownLatch(1).await();
            }
        };
        try (Tap tap = open(mode, delivery, handler)) {
            tap.start();
            send(10);
            LiveTap.awaitReceived(tap, 10);
            assertTrue(entered.await(VethPair.HANG.toSeconds(), TimeUnit.SECONDS));
            tap.stop(Duration.ofMillis(200));
            VethPair.await(() -> tap.workerCounts().getFirst().failed() == 1); // the frame that was interrupted
            Ledger ledger = ledger(tap);
            assertEquals(9, ledger.inFlight(), "left in the kernel's ring, or in the ring behind it");
            assertEquals(0, ledger.unaccounted());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GATE", "IN_PLACE"})
    void shouldNotStartIfAHandlerCannot(Delivery delivery) throws Exception {
        Noting handler = new Noting() {
            @Override
            public void onStart(HandlerContext context) throws Exception {
                throw new IllegalStateException("on purpose");
            }
        };
        try (Tap tap = open(Mode.LOW_LATENCY, delivery, handler)) {
            OpenException e = assertThrows(OpenException.class, tap::start);
            assertTrue(e.getMessage().contains("on purpose"), e.getMessage());
            assertFalse(handler.calls.contains("onStop on capture-near-0"));
        }
    }
}
