package io.ringtap.daemon.endtoend;

import static io.ringtap.daemon.endtoend.FaultScene.stop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients, the system or the clock do what they should not: every frame sent is delivered, or lost at a stage that is known. */
@Tag("live")
class ProcessFaultTest {
    private static final long BEACON_NANOS = 20_000_000;

    @TempDir
    private Path folder;

    private FaultScene scene;

    @BeforeEach
    void open() {
        scene = FaultScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldLoseNothingWhileTheControlSocketIsAbused() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            ControlAbuse abuse = new ControlAbuse(scene.socket());
            try (abuse) {
                Thread sender = Thread.ofPlatform().daemon().start(() -> scene.far.sendUdp(40_000, 200, 20_000));
                for (int round = 0; sender.isAlive(); round++) {
                    abuse.round(round);
                }
            }
            VethPair.await(scene::answers); // once it has seen that they are gone
            scene.awaitDelivered(40_000);
            Books books = stop(ringtap, 0);
            assertEquals(40_000, books.received());
            assertEquals(0, books.lost());
            FaultTable.add(
                    "control socket abused", 40_000, books, "w", "0 (%,d bad clients)".formatted(abuse.clients()));
        }
    }

    @Test
    void shouldBoundWhatClientsOfTheMetricsTake() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9_464);
        List<SocketChannel> clients = new ArrayList<>();
        try (RingtapProcess ringtap = scene.run("", "[metrics]\nlisten = \"9464\"\n")) {
            long descriptors = ringtap.nextDescriptor();
            for (int i = 0; i < 200; i++) {
                clients.add(SocketChannel.open(address));
            }
            scene.far.sendUdp(10_000, 100, 20_000);
            scene.awaitDelivered(10_000);
            assertTrue(ringtap.nextDescriptor() < descriptors + 100, ringtap.nextDescriptor() + " descriptors");
            for (SocketChannel client : clients) {
                client.close();
            }
            String unaccounted = "ringtap_unaccounted_frames 0.0";
            VethPair.await(() -> scrape(address).contains(unaccounted));
            Books books = stop(ringtap, 0);
            assertEquals(10_000, books.received());
            FaultTable.add("metrics abused", 10_000, books, "w", "0");
        }
    }

    /** Empty if there is no answer. */
    private static String scrape(InetSocketAddress address) {
        try (SocketChannel client = SocketChannel.open(address)) {
            client.write(ByteBuffer.wrap("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void shouldLoseNothingInAStormOfHangUps() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            Thread sender = Thread.ofPlatform().daemon().start(() -> scene.far.sendUdp(40_000, 200, 20_000));
            int signals = 0;
            for (; sender.isAlive(); signals++) {
                ringtap.signal("HUP");
            }
            scene.awaitDelivered(40_000);
            Books books = stop(ringtap, 0);
            assertEquals(40_000, books.received());
            assertEquals(0, books.lost());
            FaultTable.add("SIGHUP storm", 40_000, books, "w", "0 (%,d signals)".formatted(signals));
        }
    }

    @Test
    void shouldCaptureOnWithoutADescriptorToSpare() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            scene.far.sendUdp(1_000, 100, 0);
            scene.awaitDelivered(1_000); // whatever is opened at first has been
            limitDescriptors(ringtap, ringtap.nextDescriptor());
            try (ControlAbuse abuse = new ControlAbuse(scene.socket())) {
                abuse.connect(20);
                scene.far.sendUdp(20_000, 100, 40_000);
                ringtap.awaitErrorLine("no connection could be accepted");
                ringtap.awaitAsleep("control"); // it does not spin
            }
            limitDescriptors(ringtap, 1_024);
            scene.awaitDelivered(21_000);
            Books books = stop(ringtap, 0);
            assertEquals(21_000, books.received());
            FaultTable.add("no descriptor left", 21_000, books, "w", "0");
        }
    }

    private static void limitDescriptors(RingtapProcess ringtap, long limit) {
        VethPair.run("prlimit", "--pid", "" + ringtap.pid(), "--nofile=" + limit + ":");
    }

    @Test
    void shouldBalanceWhenStoppedUnderFullLoad() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            long[] sent = new long[1];
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                while (ringtap.isAlive()) {
                    scene.far.sendUdp(1_000, 100, 0);
                    sent[0] += 1_000;
                }
            });
            VethPair.await(() -> scene.delivered() >= 10_000);
            Books books = stop(ringtap, 0);
            sender.join();
            assertEquals(books.published(), books.delivered("w"));
            long late = sent[0] - books.received();
            assertTrue(late >= 0, books + " of " + sent[0]);
            String lost = "%,d in the kernel ring, %,d came after SIGTERM".formatted(books.kernelDropped(), late);
            FaultTable.add("SIGTERM under full load", sent[0], books, "w", lost);
        }
    }

    @Test
    void shouldStartAgainAfterItWasKilled() throws Exception {
        try (RingtapProcess killed = scene.run("", "")) {
            scene.far.sendUdp(5_000, 100, 0);
            scene.awaitDelivered(5_000);
            killed.signal("KILL");
            assertEquals(128 + 9, killed.exitCode());
        }
        try (RingtapProcess ringtap = scene.run("", "")) {
            scene.far.sendUdp(3_000, 100, 0);
            Books books = stop(ringtap, 0);
            assertEquals(3_000, books.received());
            assertEquals(3_000, books.delivered("w"));
            FaultTable.add("kill -9, and started again", 8_000, 5_000 + books.delivered("w"), books.unaccounted(), "0");
        }
    }

    @Test
    void shouldNotCareForStepsOfTheClock() throws Exception {
        SteppedClock clock = new SteppedClock(folder);
        String beacon = """
                [[inject]]
                name = "beacon"
                interface = "rt0"
                every = "20 ms"
                [inject.frame]
                destination = "02:00:5e:00:53:02"
                """;
        String file = scene.config("", beacon).toString();
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                        clock.becoming(), Installation.here(), "run", "--config", file)
                .awaitReady()) {
            for (int days : new int[] {0, 1, -1}) {
                clock.step(Duration.ofDays(days));
                long shown = Instant.parse(scene.stats().get("timestamp").getAsString())
                        .getEpochSecond();
                long off = shown - System.currentTimeMillis() / 1_000 - days * 86_400L;
                assertTrue(Math.abs(off) < 60, "it does not see the step: off by " + off + " s");
                long start = System.nanoTime();
                long before = injected();
                scene.far.sendUdp(5_000, 100, 5_000);
                VethPair.await(() -> injected() >= before + 25); // time goes on, and none is made up for
                long beacons = injected() - before;
                long most = (System.nanoTime() - start) / BEACON_NANOS + 2;
                assertTrue(beacons <= most, beacons + " beacons, and there was time for " + most);
            }
            Books books = stop(ringtap, 0);
            assertEquals(15_000, books.received());
            assertEquals(15_000, books.delivered("w"));
            FaultTable.add("clock stepped by a day, both ways", 15_000, books, "w", "0");
        }
    }

    private long injected() {
        return scene.stats()
                .getAsJsonArray("injects")
                .get(0)
                .getAsJsonObject()
                .get("sent")
                .getAsLong();
    }
}
