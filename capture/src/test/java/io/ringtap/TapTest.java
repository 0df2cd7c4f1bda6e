package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("live")
@Timeout(60)
class TapTest {
    private static final Duration STOP = Duration.ofSeconds(5);

    private VethPair pair;
    private FarSender far;

    @BeforeEach
    void open() {
        pair = VethPair.open();
        far = new FarSender();
    }

    @AfterEach
    void close() {
        far.close();
        pair.close();
    }

    /** A live configuration on the near end. */
    private record Live(
            Mode mode, Engine engine, long buffer, int snaplen, Direction direction, String filter, int threads) {
        static Live defaults() {
            return new Live(Mode.THROUGHPUT, Engine.FFM, 64L << 20, 65_535, Direction.IN, "", 1);
        }

        CaptureConfig config() {
            return new CaptureConfig(
                    "near",
                    new CaptureOrigin.Live(VethPair.NEAR),
                    mode,
                    engine,
                    buffer,
                    snaplen,
                    Duration.ofMillis(10),
                    true,
                    direction,
                    filter,
                    threads);
        }
    }

    private static WorkerConfig worker(String name, int threads, Share share, Supplier<FrameHandler> handler) {
        return new WorkerConfig(
                name, List.of(), threads, share, Delivery.GATE, List.of(new HandlerFactory("test", handler)));
    }

    private static Tap start(CaptureConfig config, WorkerConfig... workers) throws Exception {
        Tap tap = Tap.open(config, List.of(workers), () -> frame -> false);
        tap.start();
        return tap;
    }

    private static Ledger ledger(Tap tap) {
        List<WorkerCounts> workers = tap.workerCounts();
        return new Ledger(List.of(tap.counts()), workers, List.of(), tap.handlerCounts(), tap.drained());
    }

    /** Keeps copies of all frames, of all its threads. */
    private static final class Keeper implements FrameHandler {
        private final List<Frame> frames;

        Keeper(List<Frame> frames) {
            this.frames = frames;
        }

        static List<Frame> list() {
            return Collections.synchronizedList(new ArrayList<>());
        }

        @Override
        public void onFrame(Frame frame) {
            frames.add(frame.copy());
        }
    }

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
        CaptureConfig config = new Live(mode, engine, 64L << 20, 256, Direction.IN, "", threads).config();
        try (Tap tap = start(config, worker("w", 2, Share.FLOW, () -> frame -> {
            int sequence = (int) Long.reverseBytes(frame.longAt(42));
            synchronized (seen) {
                assertFalse(seen[sequence], "twice");
                seen[sequence] = true;
            }
        }))) {
            far.sendUdp(100_000, 200, 200_000);
            assertTrue(tap.stop(STOP));
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
        Thread sender = new Thread(() -> far.sendUdp(400_000, 100, 0));
        try (Tap tap = start(Live.defaults().config(), worker("w", 1, Share.FLOW, () -> frame -> {}))) {
            sender.start();
            VethPair.await(() -> tap.published() > 20_000);
            assertTrue(tap.stop(STOP));
            Ledger ledger = ledger(tap);
            assertTrue(ledger.received() > 20_000 && ledger.received() < 400_000, "received " + ledger.received());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.unaccounted());
            assertEquals(ledger.received(), ledger.workers().getFirst().delivered());
        } finally {
            sender.join();
        }
    }

    @Test
    void shouldCountLossInTheKernelRingAndNameTheWorkerThatHeldItUp() throws Exception {
        CaptureConfig config = new Live(Mode.THROUGHPUT, Engine.FFM, 256L << 10, 65_535, Direction.IN, "", 1).config();
        try (Tap tap = start(config, worker("slow", 1, Share.FLOW, () -> frame -> LockSupport.parkNanos(200_000)))) {
            far.sendUdp(20_000, 1_000, 0);
            VethPair.await(() -> tap.counts().received() == 20_000);
            assertTrue(tap.stop(Duration.ofSeconds(20)));
            Ledger ledger = ledger(tap);
            assertEquals(20_000, ledger.received());
            assertTrue(ledger.lost() > 10_000);
            assertEquals(20_000, ledger.lost() + ledger.workers().getFirst().delivered());
            assertEquals(0, ledger.unaccounted());
            assertTrue(ledger.verdict().contains("in the kernel ring of near"), ledger.verdict());
            assertTrue(ledger.verdict().contains("worker slow held the capture up"), ledger.verdict());
        }
    }

    @Test
    void shouldCountFramesAHandlerThrowsOnAndGoOn() throws Exception {
        List<Frame> kept = Keeper.list();
        WorkerConfig both = new WorkerConfig(
                "w",
                List.of(),
                1,
                Share.FLOW,
                Delivery.GATE,
                List.of(
                        new HandlerFactory("thrower", () -> frame -> {
                            if (frame.longAt(42) % 2 != 0) {
                                throw new StackOverflowError("on purpose");
                            }
                        }),
                        new HandlerFactory("keeper", () -> new Keeper(kept))));
        try (Tap tap = start(Live.defaults().config(), both)) {
            byte[] frame = FarSender.udp(60);
            for (int i = 0; i < 1_000; i++) {
                frame[49] = (byte) i;
                far.send(frame);
            }
            assertTrue(tap.stop(STOP));
            Ledger ledger = ledger(tap);
            assertEquals(500, ledger.failed());
            assertEquals(500, ledger.workers().getFirst().delivered());
            assertEquals(1_000, kept.size());
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
        CaptureConfig config = Live.defaults().config();
        try (Tap tap = start(config, stuck, worker("quick", 1, Share.FLOW, () -> frame -> {}))) {
            far.sendUdp(10_000, 60, 0);
            VethPair.await(() -> tap.counts().received() == 10_000);
            long before = System.nanoTime();
            assertFalse(tap.stop(Duration.ofMillis(500)));
            assertTrue(System.nanoTime() - before < 4_000_000_000L);
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
    void shouldFilterInTheKernelAndNeitherCountNorStoreTheRest() throws Exception {
        List<Frame> kept = Keeper.list();
        CaptureConfig config =
                new Live(Mode.THROUGHPUT, Engine.FFM, 64L << 20, 100, Direction.IN, "ether proto 0x88b5", 1).config();
        byte[] marked = FarSender.udp(300);
        marked[12] = (byte) 0x88;
        marked[13] = (byte) 0xb5;
        try (Tap tap = start(config, worker("w", 1, Share.FLOW, () -> new Keeper(kept)))) {
            far.sendUdp(5_000, 200, 0);
            far.send(marked);
            far.sendUdp(5_000, 200, 0);
            assertTrue(tap.stop(STOP));
            assertEquals(1, tap.counts().received());
            assertEquals(100, kept.getFirst().length());
            assertEquals(300, kept.getFirst().originalLength());
            assertEquals(0x88b5, kept.getFirst().etherType());
        }
    }

    @ParameterizedTest
    @CsvSource({"IN, 3, 0", "OUT, 0, 5", "BOTH, 3, 5"})
    void shouldTakeOneDirectionInTheKernel(Direction direction, int in, int out) throws Exception {
        List<Frame> kept = Keeper.list();
        CaptureConfig config = new Live(Mode.THROUGHPUT, Engine.FFM, 1L << 20, 2_048, direction, "udp", 1).config();
        try (FarSender near = new FarSender(VethPair.NEAR);
                Tap tap = start(config, worker("w", 1, Share.FLOW, () -> new Keeper(kept)))) {
            near.sendUdp(5, 100, 0);
            far.sendUdp(3, 200, 0);
            assertTrue(tap.stop(STOP));
            assertEquals(in + out, tap.counts().received());
            assertEquals(in, kept.stream().filter(f -> f.length() == 200).count());
            assertEquals(out, kept.stream().filter(f -> f.length() == 100).count());
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM", "LOW_LATENCY, FFM", "THROUGHPUT, PCAP4J"})
    void shouldPassFramesOfEverySizeUnharmed(Mode mode, Engine engine) throws Exception {
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "65535");
        VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "65535");
        List<Frame> kept = Keeper.list();
        int[] lengths = {14, 15, 60, 64, 65, 1_514, 1_518, 9_018, 65_535};
        CaptureConfig config = new Live(mode, engine, 64L << 20, 65_535, Direction.IN, "", 1).config();
        long before = System.currentTimeMillis() * 1_000_000 - 1_000_000;
        try (Tap tap = start(config, worker("w", 1, Share.FLOW, () -> new Keeper(kept)))) {
            for (int length : lengths) {
                far.send(pattern(length));
            }
            assertTrue(tap.stop(STOP));
        }
        assertEquals(lengths.length, kept.size());
        for (int i = 0; i < lengths.length; i++) {
            Frame frame = kept.get(i);
            assertEquals(lengths[i], frame.length());
            assertEquals(lengths[i], frame.originalLength());
            assertTrue(Arrays.equals(pattern(lengths[i]), frame.toByteArray()), "content of " + lengths[i]);
            assertTrue(frame.timestampNanos() > before && frame.timestampNanos() < before + 30_000_000_000L);
            assertTrue(i == 0 || frame.timestampNanos() >= kept.get(i - 1).timestampNanos());
        }
        assertTrue(kept.stream().anyMatch(f -> f.timestampNanos() % 1_000 != 0), "nanoseconds");
    }

    private static byte[] pattern(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i * 31 + length);
        }
        System.arraycopy(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, (byte) 0x88, (byte) 0xb5}, 0, frame, 0, 14);
        return frame;
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM", "LOW_LATENCY, FFM", "THROUGHPUT, PCAP4J"})
    void shouldKeepVlanTagsThatTheKernelTakesOff(Mode mode, Engine engine) throws Exception {
        byte[] qinq = new byte[108];
        System.arraycopy(FarSender.udp(100), 0, qinq, 0, 12);
        System.arraycopy(new byte[] {(byte) 0x88, (byte) 0xa8, 0x20, 5, (byte) 0x81, 0, 0, 7}, 0, qinq, 12, 8);
        System.arraycopy(FarSender.udp(100), 12, qinq, 20, 88);
        List<Frame> kept = Keeper.list();
        CaptureConfig config = new Live(mode, engine, 1L << 20, 2_048, Direction.IN, "", 1).config();
        try (Tap tap = start(config, worker("w", 1, Share.FLOW, () -> new Keeper(kept)))) {
            far.send(qinq);
            assertTrue(tap.stop(STOP));
        }
        assertEquals(108, kept.getFirst().originalLength());
        assertTrue(Arrays.equals(qinq, kept.getFirst().toByteArray()));
        assertEquals(0x0800, kept.getFirst().etherType());
    }

    @Test
    void shouldStopWithinASecondOnASilentLink() throws Exception {
        try (Tap tap = start(Live.defaults().config(), worker("w", 1, Share.FLOW, () -> frame -> {}))) {
            LockSupport.parkNanos(300_000_000);
            long before = System.nanoTime();
            assertTrue(tap.stop(STOP));
            assertTrue(System.nanoTime() - before < 1_000_000_000L);
            assertEquals(CaptureState.ENDED, tap.counts().state());
        }
    }

    @Test
    void shouldRefuseWithTheCure() {
        OpenException missing = openFailure(CaptureConfig.live("nosuch0"));
        assertEquals(OpenException.Reason.NO_SUCH_INTERFACE, missing.reason());
        assertTrue(
                missing.getMessage().endsWith("; there are lo, rt0, rt1; to wait for it: missing = \"wait\""),
                missing.getMessage());

        OpenException filter = openFailure(
                new Live(Mode.THROUGHPUT, Engine.FFM, 1L << 20, 100, Direction.IN, "udp prot 53", 1).config());
        assertEquals(OpenException.Reason.BAD_FILTER, filter.reason());

        pair.set(VethPair.NEAR, false);
        OpenException down = openFailure(Live.defaults().config());
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
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            start(Live.defaults().config(), worker("w", 2, Share.ROUND_ROBIN, () -> frame -> {}))
                    .close();
        }
        assertEquals(before, descriptors());
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
        assertEquals(List.of(), ownThreads());
    }

    private static void startAndClose(WorkerConfig... workers) throws Exception {
        try (Tap tap = Tap.open(Live.defaults().config(), List.of(workers), () -> frame -> false)) {
            tap.start();
        }
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(t -> t.getKey().getName().matches("(capture|worker)-.*"))
                .map(t -> t.getKey().getName() + " " + List.of(t.getValue()))
                .toList();
    }

    private static long descriptors() throws Exception {
        try (var files = java.nio.file.Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
