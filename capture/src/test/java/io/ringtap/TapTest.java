package io.ringtap;

import static io.ringtap.LiveTap.ledger;
import static io.ringtap.LiveTap.start;
import static io.ringtap.LiveTap.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.LiveTap.Kept;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the kernel to a worker: every frame once, what is lost counted, and everything ended and closed. */
@Tag("live")
class TapTest extends SenderFixture {

    @ParameterizedTest
    @CsvSource({
        "THROUGHPUT, FFM, 1",
        "LOW_LATENCY, FFM, 1",
        "THROUGHPUT, PCAP4J, 1",
        "LOW_LATENCY, PCAP4J, 1",
        "THROUGHPUT, FFM, 2",
        "LOW_LATENCY, FFM, 2"
    })
    void shouldDeliverEveryFrameOnce(Mode mode, Engine engine, int threads) throws Exception {
        boolean[] seen = new boolean[100_000];
        // so small a snaplen that all frames fit into the kernel ring at once: a slow machine loses none either
        CaptureConfigBuilder config =
                LiveTap.near().mode(mode).engine(engine).snaplenBytes(256).threads(threads);
        try (Tap tap = start(config, worker("w", 2, Share.FLOW, () -> frame -> {
            int sequence = (int) Long.reverseBytes(frame.longAt(42));
            synchronized (seen) {
                assertFalse(seen[sequence], "twice");
                seen[sequence] = true;
            }
        }))) {
            far.sendUdp(100_000, 200, 200_000);
            LiveTap.awaitReceived(tap, 100_000);
            assertTrue(tap.stop(VethPair.HANG));
            Ledger ledger = ledger(tap);
            assertEquals(100_000, ledger.received());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.failed());
            assertEquals(0, ledger.unaccounted());
            assertEquals(100_000, ledger.workers().getFirst().delivered());
            for (boolean one : seen) {
                assertTrue(one);
            }
        }
    }

    @Test
    void shouldBalanceWhenStoppedWhileFramesFlow() throws Exception {
        AtomicBoolean wanted = new AtomicBoolean(true);
        AtomicLong sent = new AtomicLong();
        try (Tap tap = start(LiveTap.near(), worker("w", 1, Share.FLOW, () -> frame -> {}))) {
            Thread sender = Thread.ofPlatform()
                    .start(() -> sent.set(far.sendUdpWhile(100, wanted::get, () -> LiveTap.hasRoom(tap))));
            VethPair.await(() -> tap.published() > 20_000);
            assertTrue(tap.stop(VethPair.HANG));
            Ledger ledger = ledger(tap);
            wanted.set(false);
            sender.join();
            assertTrue(ledger.received() > 20_000 && ledger.received() <= sent.get(), "received " + ledger.received());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.unaccounted());
            assertEquals(ledger.received(), ledger.workers().getFirst().delivered());
        } finally {
            wanted.set(false);
        }
    }

    @Test
    void shouldCountLossInTheKernelRingAndNameTheWorkerThatHeldItUp() throws Exception {
        CaptureConfigBuilder config = LiveTap.near().bufferBytes(256L << 10);
        CountDownLatch release = new CountDownLatch(1);
        try (Tap tap = start(config, worker("slow", 1, Share.FLOW, () -> frame -> release.await()))) {
            far.sendUdp(10, 1_000, 0);
            long since = System.nanoTime();
            VethPair.await(
                    () -> tap.published() > 0 && System.nanoTime() - since > 100_000_000); // so it is what held it up
            far.sendUdp(19_990, 1_000, 0);
            LiveTap.awaitReceived(tap, 20_000);
            release.countDown();
            assertTrue(tap.stop(VethPair.HANG));
            Ledger ledger = ledger(tap);
            assertEquals(20_000, ledger.received());
            assertTrue(ledger.lost() > 19_000, "the ring holds some hundred: lost " + ledger.lost());
            assertEquals(20_000, ledger.lost() + ledger.workers().getFirst().delivered());
            assertEquals(0, ledger.unaccounted());
            assertTrue(ledger.verdict().contains("in the kernel ring of near"), ledger.verdict());
            assertTrue(ledger.verdict().contains("worker slow held the capture up"), ledger.verdict());
        }
    }

    @Test
    void shouldCountFramesAHandlerThrowsOnAndGoOn() throws Exception {
        Kept kept = new Kept();
        WorkerConfig both = worker(
                "w",
                1,
                Share.FLOW,
                List.of(
                        new HandlerFactory("thrower", () -> frame -> {
                            if (frame.longAt(42) % 2 != 0) {
                                throw new StackOverflowError("on purpose");
                            }
                        }),
                        new HandlerFactory("keeper", kept::handler)));
        try (Tap tap = start(LiveTap.near(), both)) {
            byte[] frame = FarSender.udp(60);
            for (int i = 0; i < 1_000; i++) {
                frame[49] = (byte) i;
                far.send(frame);
            }
            assertTrue(tap.stop(VethPair.HANG));
            Ledger ledger = ledger(tap);
            assertEquals(500, ledger.failed());
            assertEquals(500, ledger.workers().getFirst().delivered());
            assertEquals(1_000, kept.frames().size());
            assertEquals(0, ledger.unaccounted());
        }
    }

    @Test
    void shouldLeaveBehindAWorkerThatNeverEnds() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        WorkerConfig stuck = worker("stuck", 1, Share.FLOW, () -> frame -> {
            boolean ended = false;
            while (!ended) {
                try {
                    never.await();
                    ended = true;
                } catch (InterruptedException e) {
                    // a handler that cannot be interrupted
                }
            }
        });
        CaptureConfigBuilder config =
                LiveTap.near().timeout(Duration.ofMillis(100)); // its 256 blocks hold 25 s of frames
        try (Tap tap = start(config, stuck, worker("quick", 1, Share.FLOW, () -> frame -> {}))) {
            far.sendUdp(10_000, 60, 0);
            VethPair.await(() -> tap.counts().received() == 10_000);
            assertFalse(tap.stop(Duration.ofMillis(500)));
            VethPair.await(() -> tap.published() == tap.workerCounts().get(1).delivered());
            Ledger ledger = ledger(tap);
            assertEquals(0, ledger.workers().get(0).delivered());
            assertEquals(10_000, ledger.inFlight());
            assertEquals(tap.published(), ledger.workers().get(1).delivered());
            assertEquals(0, ledger.unaccounted());
        } finally {
            never.countDown();
        }
    }

    @Test
    void shouldStopWithTheNextReadOnASilentLink() throws Exception {
        try (Tap tap = start(LiveTap.near(), worker("w", 1, Share.FLOW, () -> frame -> {}))) {
            VethPair.await(() -> reads(tap) > 2); // one every 100 ms
            long before = reads(tap);
            assertTrue(tap.stop(VethPair.HANG));
            assertTrue(
                    reads(tap) - before <= 3, "one that had begun, one before it saw the stop, one for what is left");
            assertEquals(CaptureState.ENDED, tap.counts().state());
        }
    }

    /** It handles nothing. */
    private static long reads(Tap tap) {
        return tap.progress().getLast().position();
    }

    @Test
    void shouldRefuseWithTheCure() {
        OpenException missing = openFailure(CaptureConfig.live("nosuch0"));
        assertEquals(OpenException.Reason.NO_SUCH_INTERFACE, missing.reason());
        assertTrue(missing.getMessage().endsWith("; there are lo, rt0, rt1"), missing.getMessage());

        OpenException filter = openFailure(LiveTap.near().filter("udp prot 53").build());
        assertEquals(OpenException.Reason.BAD_FILTER, filter.reason());

        pair.set(VethPair.NEAR, false);
        OpenException down = openFailure(LiveTap.near().build());
        assertEquals(OpenException.Reason.INTERFACE_DOWN, down.reason());
        assertTrue(down.getMessage().contains("set it up: ip link set rt0 up"), down.getMessage());
    }

    private static OpenException openFailure(CaptureConfig config) {
        return assertThrows(
                OpenException.class,
                () -> Tap.open(config, List.of(), () -> frame -> false).close());
    }

    @Test
    void shouldCloseEverythingItOpened() throws Exception {
        long before = Sockets.open();
        for (int i = 0; i < 20; i++) {
            try (Tap tap = start(LiveTap.near(), worker("w", 2, Share.ROUND_ROBIN, () -> frame -> {}))) {
                assertTrue(tap.stop(VethPair.HANG));
            }
        }
        assertEquals(before, Sockets.open());
        assertEquals(List.of(), ownThreads());
    }

    @Test
    void shouldEndEveryThreadWhenAHandlerDoesNotStart() {
        FrameHandler broken = new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                throw new IllegalStateException("no licence to count");
            }

            @Override
            public void onFrame(Frame frame) {}
        };
        OpenException failure = assertThrows(
                OpenException.class,
                () -> startAndClose(
                        worker("good", 2, Share.FLOW, () -> frame -> {}), worker("bad", 1, Share.FLOW, () -> broken)));
        assertTrue(
                failure.getMessage().contains("worker bad on capture near: onStart of handler"), failure.getMessage());
        VethPair.await(() -> ownThreads().isEmpty());
    }

    private static void startAndClose(WorkerConfig... workers) throws Exception {
        start(LiveTap.near(), workers).close();
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(t -> t.getKey().getName().matches("(capture|worker)-.*"))
                .map(t -> t.getKey().getName() + " " + List.of(t.getValue()))
                .toList();
    }
}
