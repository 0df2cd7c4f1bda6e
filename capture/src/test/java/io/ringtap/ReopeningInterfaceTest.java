package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.OpenException;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interfaces that are missing, go down, go, and come back: not a frame is unaccounted, and each gap is in the ledger. */
@Tag("live")
class ReopeningInterfaceTest extends VethFixture {
    private void removeAndWait(ReopeningTap tap) {
        pair.remove();
        tap.await(CaptureState.WAITING);
    }

    /** How soon it runs, bench/returns measures. */
    private void createAndWait(ReopeningTap tap) {
        pair.create();
        tap.await(CaptureState.RUNNING);
    }

    /** Waits until an interface was looked for some times more: the thread that does that sleeps after each look. */
    private static void awaitLooks() {
        long before = sleepsOfLinkThread();
        VethPair.await(() -> sleepsOfLinkThread() >= before + 5);
    }

    private static long sleepsOfLinkThread() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals("link-" + VethPair.NEAR)) {
                    return Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow();
                }
            }
            throw new IllegalStateException("no such thread");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertBalance(long received, ReopeningTap tap) throws InterruptedException {
        assertTrue(tap.stop());
        Ledger ledger = tap.ledger();
        assertEquals(0, ledger.lost());
        assertEquals(received, ledger.received());
        assertEquals(received, ledger.workers().getFirst().delivered());
        assertEquals(0, ledger.unaccounted());
    }

    @ParameterizedTest
    @CsvSource({
        "THROUGHPUT, FFM, 1",
        "LOW_LATENCY, FFM, 1",
        "THROUGHPUT, PCAP4J, 1",
        "LOW_LATENCY, PCAP4J, 1",
        "THROUGHPUT, FFM, 3",
        "LOW_LATENCY, FFM, 2"
    })
    void shouldGoOnWithTheInterfaceThatIsMadeAnewUnderTheSameName(Mode mode, Engine engine, int threads)
            throws Exception {
        CaptureConfig config = ReopeningTap.config(VethPair.NEAR, mode, engine, threads);
        try (ReopeningTap tap = ReopeningTap.start(config, () -> frame -> {})) {
            for (int i = 1; i <= 5; i++) {
                ReopeningTap.send(300); // many flows: in a fanout group every ring gets some
                tap.awaitReceived(300L * i);
                removeAndWait(tap);
                createAndWait(tap);
            }
            ReopeningTap.send(300);
            tap.awaitReceived(1_800);
            assertBalance(1_800, tap);
            assertEquals(5, tap.tap().counts().gaps().count());
            for (Gap gap : tap.gaps()) {
                assertEquals(Cause.MISSING, gap.cause());
                assertTrue(gap.to().orElseThrow().isAfter(gap.from()));
            }
        }
    }

    @Test
    void shouldReadWhatTheRingOfAnInterfaceThatIsGoneStillHolds() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ReopeningTap tap = ReopeningTap.start(ReopeningTap.holding(), () -> frame -> awaitQuietly(release))) {
            ReopeningTap.send(20_000); // far more than the ring in this process holds
            tap.awaitReceived(20_000);
            pair.remove();
            tap.await(CaptureState.WAITING); // though the capture thread waits for the worker
            createAndWait(tap);
            ReopeningTap.send(500);
            tap.awaitReceived(20_500);
            release.countDown();
            tap.awaitReceived(20_500);
            assertBalance(20_500, tap);
        } finally {
            release.countDown();
        }
    }

    @Test
    void shouldLoseNoRingThatWaitsToBeReadWhenTheInterfaceGoesOnceMore() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ReopeningTap tap = ReopeningTap.start(ReopeningTap.holding(), () -> frame -> awaitQuietly(release))) {
            ReopeningTap.send(20_000); // far more than the ring in this process holds
            tap.awaitReceived(20_000);
            removeAndWait(tap);
            createAndWait(tap);
            ReopeningTap.send(500); // into a second ring, which nobody reads yet
            tap.awaitReceived(20_500);
            removeAndWait(tap);
            pair.create();
            awaitLooks();
            assertEquals(CaptureState.WAITING, tap.tap().counts().state(), "a third ring took the second's place");
            release.countDown();
            tap.await(CaptureState.RUNNING);
            ReopeningTap.send(300);
            tap.awaitReceived(20_800);
            assertBalance(20_800, tap);
        } finally {
            release.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldBalanceWhenTheInterfaceGoesUnderLoad() throws Exception {
        AtomicLong outOfOrder = new AtomicLong();
        AtomicLong last = new AtomicLong(-1);
        CaptureConfig config = ReopeningTap.config(VethPair.NEAR, Mode.THROUGHPUT, Engine.FFM, 1);
        try (ReopeningTap tap = ReopeningTap.start(config, () -> frame -> {
            long sequence = Long.reverseBytes(frame.longAt(42));
            outOfOrder.addAndGet(sequence > last.getAndSet(sequence) ? 0 : 1);
        })) {
            for (int i = 0; i < 5; i++) {
                last.set(-1);
                AtomicBoolean stopped = new AtomicBoolean();
                Thread sender = sendUntilItFails(tap.tap(), stopped);
                long before = tap.tap().published();
                VethPair.await(() -> tap.tap().published() > before + 5_000);
                removeAndWait(tap);
                stopped.set(true);
                sender.join();
                createAndWait(tap);
            }
            long before = tap.tap().counts().received();
            ReopeningTap.send(100);
            tap.awaitReceived(before + 100);
            assertBalance(before + 100, tap);
            assertEquals(1, outOfOrder.get(), "the last frames, whose numbers begin anew, and no others");
        }
    }

    private static Thread sendUntilItFails(Tap tap, AtomicBoolean stopped) {
        return Thread.ofPlatform().start(() -> {
            try (FarSender far = new FarSender()) {
                far.sendUdpWhile(100, () -> !stopped.get(), () -> LiveTap.hasRoom(tap));
            } catch (IllegalStateException e) {
                stopped.set(true); // its own end is gone
            }
        });
    }

    @Test
    void shouldLeaveTheOtherCapturesAlone() throws Exception {
        VethPair.run("ip", "link", "add", "rt2", "type", "veth", "peer", "name", "rt3");
        VethPair.run("ip", "link", "set", "rt2", "up");
        VethPair.run("ip", "link", "set", "rt3", "up");
        CaptureConfig other = ReopeningTap.config("rt2", Mode.THROUGHPUT, Engine.FFM, 1);
        try (FarSender far = new FarSender("rt3");
                ReopeningTap steady = ReopeningTap.start(other, () -> frame -> {});
                ReopeningTap tap = ReopeningTap.start()) {
            AtomicBoolean wanted = new AtomicBoolean(true);
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofPlatform()
                    .start(() -> sent.set(far.sendUdpWhile(100, wanted::get, () -> LiveTap.hasRoom(steady.tap()))));
            for (int i = 0; i < 5; i++) {
                removeAndWait(tap);
                createAndWait(tap);
            }
            wanted.set(false);
            sender.join();
            steady.awaitReceived(sent.get());
            assertBalance(sent.get(), steady);
            assertEquals(List.of(), steady.gaps());
            assertBalance(0, tap);
        }
    }

    @Test
    void shouldWaitForAnInterfaceThatIsMissingAtTheStart() throws Exception {
        pair.remove();
        try (ReopeningTap tap = ReopeningTap.start()) {
            assertEquals(CaptureState.WAITING, tap.tap().counts().state());
            Gap gap = tap.gaps().getFirst();
            assertEquals(Cause.MISSING, gap.cause());
            assertTrue(gap.to().isEmpty());
            createAndWait(tap);
            ReopeningTap.send(700);
            tap.awaitReceived(700);
            assertBalance(700, tap);
            assertEquals(1, tap.gaps().size());
        }
    }

    @Test
    void shouldWaitForAnInterfaceThatIsDownAtTheStart() throws Exception {
        pair.set(VethPair.NEAR, false);
        try (ReopeningTap tap = ReopeningTap.start()) {
            assertEquals(CaptureState.WAITING, tap.tap().counts().state());
            assertEquals(Cause.DOWN, tap.gaps().getFirst().cause());
            pair.set(VethPair.NEAR, true);
            tap.await(CaptureState.RUNNING);
            ReopeningTap.send(700);
            tap.awaitReceived(700);
            assertBalance(700, tap);
        }
    }

    @Test
    void shouldStopWithTheNextReadWhileItWaits() throws Exception {
        pair.remove();
        try (ReopeningTap tap = ReopeningTap.start()) {
            long before = tap.tap().progress().getLast().position();
            assertBalance(0, tap);
            long reads = tap.tap().progress().getLast().position() - before;
            assertTrue(
                    reads <= 3, reads + " reads: one that had begun, one before it saw the stop, one for what is left");
            assertEquals(CaptureState.ENDED, tap.tap().counts().state());
            assertTrue(tap.gaps().getFirst().to().isPresent(), "the gap ends with the capture");
        }
    }

    @ParameterizedTest
    @CsvSource({"rt0, DOWN", "rt1, NO_CARRIER"})
    void shouldNoteThatTheLinkIsDownAndKeepItsRing(String end, Cause cause) throws Exception {
        try (ReopeningTap tap = ReopeningTap.start()) {
            ReopeningTap.send(10);
            tap.awaitReceived(10);
            pair.set(end, false);
            tap.await(CaptureState.WAITING);
            pair.set(end, true);
            tap.await(CaptureState.RUNNING);
            ReopeningTap.send(10);
            tap.awaitReceived(20);
            assertBalance(20, tap);
            assertEquals(List.of(cause), tap.gaps().stream().map(Gap::cause).toList());
        }
    }

    @Test
    void shouldTellAnInterfaceThatWasRenamedFromTheOneThatHasItsNameNow() throws Exception {
        try (ReopeningTap tap = ReopeningTap.start()) {
            ReopeningTap.send(10);
            tap.awaitReceived(10);
            pair.set(VethPair.NEAR, false);
            VethPair.run("ip", "link", "set", VethPair.NEAR, "name", "old0");
            pair.set("old0", true);
            tap.await(CaptureState.WAITING);
            VethPair.await(() -> tap.gaps().getLast().cause() == Cause.MISSING);
            VethPair.run("ip", "link", "add", VethPair.NEAR, "type", "veth", "peer", "name", "rt4");
            pair.set(VethPair.NEAR, true);
            pair.set("rt4", true);
            tap.await(CaptureState.RUNNING);
            ReopeningTap.send(50); // comes in at the one renamed
            try (FarSender far = new FarSender("rt4")) {
                far.sendUdp(7, 100, 0);
            }
            tap.awaitReceived(17);
            assertBalance(17, tap);
        }
    }

    @Test
    void shouldTellAnInterfaceFromTheOneThatTookItsPlaceAtOnce(@TempDir Path folder) throws Exception {
        Path commands = Files.writeString(
                folder.resolve("commands"),
                "link del rt0\nlink add rt0 type veth peer name rt1\nlink set rt0 up\nlink set rt1 up\n");
        try (ReopeningTap tap = ReopeningTap.start()) {
            ReopeningTap.send(10);
            tap.awaitReceived(10);
            VethPair.run("ip", "-batch", commands.toString()); // faster than it is looked for
            VethPair.await(() -> !tap.gaps().isEmpty() && tap.gaps().getLast().cause() == Cause.MISSING);
            tap.await(CaptureState.RUNNING);
            ReopeningTap.send(10);
            tap.awaitReceived(20);
            assertBalance(20, tap);
        }
    }

    @Test
    void shouldRefuseAFilterThatDoesNotCompileThoughTheInterfaceIsMissing() {
        CaptureConfig bad =
                ReopeningTap.config("nosuch0", Mode.THROUGHPUT, Engine.FFM, 1).withFilter("udp prot 53");
        OpenException refused = assertThrows(
                OpenException.class,
                () -> Tap.open(bad, List.of(), () -> frame -> false).close());
        assertEquals(OpenException.Reason.BAD_FILTER, refused.reason());
    }

    @Test
    void shouldReleaseEveryRingItHasLeft() throws Exception {
        long before = Sockets.open();
        try (ReopeningTap tap = ReopeningTap.start()) {
            for (int i = 0; i < 3; i++) {
                removeAndWait(tap);
                createAndWait(tap);
            }
            assertTrue(tap.stop());
        }
        assertEquals(before, Sockets.open());
        VethPair.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("link-")));
    }
}
