package io.ringtap;

import static io.ringtap.LiveTap.ledger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSieve;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames of an interface, handled where the kernel put them. */
@Tag("live")
class InPlaceTest extends VethFixture {
    private static final int FRAMES = 20_000;

    private static WorkerConfig inPlace(FrameHandler handler) {
        return new WorkerConfig(
                "in-place",
                List.of(),
                1,
                Share.FLOW,
                Delivery.IN_PLACE,
                List.of(new HandlerFactory("test", () -> handler)));
    }

    private static Tap open(Mode mode, WorkerConfig... workers) throws Exception {
        return LiveTap.open(LiveTap.near().mode(mode).snaplenBytes(300), workers);
    }

    private static void send(int frames) {
        try (FarSender sender = new FarSender()) {
            sender.sendUdp(frames, 200, 100_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandleEachFrameOnTheCaptureThreadAndHandOnWhatIsNotLeftOut(Mode mode) throws Exception {
        Set<String> threads = Collections.synchronizedSet(new TreeSet<>());
        AtomicLong seen = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        AtomicLong bytesBehind = new AtomicLong();
        FrameSieve sieve = frame -> {
            threads.add(Thread.currentThread().getName());
            bytes.addAndGet(frame.length());
            return seen.incrementAndGet() % 4 == 0;
        };
        WorkerConfig behind =
                LiveTap.worker("behind", 2, Share.ROUND_ROBIN, () -> frame -> bytesBehind.addAndGet(frame.length()));
        try (Tap tap = open(mode, inPlace(sieve), behind)) {
            tap.start();
            send(FRAMES);
            LiveTap.awaitReceived(tap, FRAMES);
            assertTrue(tap.stop(VethPair.HANG));
            Ledger ledger = ledger(tap);
            WorkerCounts first = ledger.workers().getFirst();
            WorkerCounts second = ledger.workers().getLast();
            assertEquals(Set.of("capture-near-0"), threads);
            assertEquals(FRAMES, tap.counts().published());
            assertEquals(FRAMES, first.delivered());
            assertEquals(FRAMES * 200L, bytes.get());
            assertEquals(FRAMES / 4, second.delivered());
            assertEquals(FRAMES - FRAMES / 4, second.sieved());
            assertEquals(FRAMES / 4 * 200L, bytesBehind.get());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.unaccounted());
        }
    }

    @Test
    void shouldSayWhichWorkerCannotStart() throws Exception {
        FrameHandler failing = new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onFrame(Frame frame) {}
        };
        WorkerConfig behind = LiveTap.worker("behind", 1, Share.FLOW, () -> frame -> {});
        try (Tap tap = open(Mode.THROUGHPUT, behind, inPlace(failing))) {
            OpenException e = assertThrows(OpenException.class, tap::start);
            assertEquals(
                    "worker in-place on capture near: onStart of handler test threw java.lang.IllegalStateException:"
                            + " on purpose",
                    e.getMessage());
        }
    }
}
