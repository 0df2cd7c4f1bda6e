package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A daemon that takes another configuration while it runs, or finds it bad. */
@Tag("live")
class ReloadTest extends ReloadFixture {
    @Test
    void shouldChangeNothingForABadFileAndTellTheCallerEveryError() throws Exception {
        String good = UPLINK + WORKER + MARK;
        try (RunningDaemon daemon = start(good)) {
            far.sendUdp(1_000, 100, 0);
            daemon.configure(good.replace("\"2 MiB\"", "\"2 MB").replace("every-frames", "every-frame"));
            assertReload(daemon, 2, daemon.file() + ":4:");
            daemon.configure(good.replace("buffer", "bufer").replace("every-frames", "every-frame"));
            assertReload(
                    daemon,
                    2,
                    daemon.file() + ":4:1: capture.bufer: unknown key (did you mean buffer?)",
                    daemon.file() + ":12:1: inject.every-frame: unknown key (did you mean every-frames?)");
            daemon.configure(good.replace("[[worker.handler]]", "captures = [\"lan\"]\n[[worker.handler]]"));
            assertReload(daemon, 2, "there is no capture \"lan\"");
            Files.delete(daemon.file());
            assertReload(daemon, 2, daemon.file() + ": there is no such file");
            far.sendUdp(1_000, 100, 0);
            daemon.await("injects", "mark", "sent", 20);
            assertEquals(
                    List.of(
                            "capture=uplink interface=rt0 received=2000 kernel_dropped=0 published=2000",
                            "worker=w capture=uplink delivered=2000 failed=0 shed=0",
                            "inject=mark sent=20 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    daemon.ledger());
        }
    }

    private static void assertReload(RunningDaemon daemon, int code, String... parts) {
        try (RingtapProcess reload =
                RingtapProcess.start("reload", "--socket", daemon.socket().toString())) {
            assertEquals(code, reload.exitCode(), reload.toString());
            String said = String.join("\n", code == 0 ? reload.out() : reload.err());
            for (String part : parts) {
                assertTrue(said.contains(part), () -> part + " is not in " + said);
            }
        }
    }

    @Test
    void shouldLogEveryErrorWhereASignalAskedForTheReloadAndTakeTheNextGoodFile() throws Exception {
        try (RunningDaemon daemon = start(UPLINK + WORKER)) {
            daemon.configure(UPLINK.replace("buffer", "bufer") + WORKER.replace("count", "cout"));
            daemon.process().signal("HUP");
            daemon.process().awaitErrorLine("reload asked for by SIGHUP is refused");
            daemon.process().awaitErrorLine("ERROR reload - " + daemon.file() + ":4:1: capture.bufer");
            daemon.process().awaitErrorLine(daemon.file() + ":8:1: worker.handler.type");
            daemon.configure(UPLINK + "filter = \"udp\"\n" + WORKER);
            daemon.process().signal("HUP");
            daemon.process().awaitErrorLine("reload asked for by SIGHUP: capture uplink has another filter");
            assertTrue(daemon.process().isAlive());
        }
    }

    @Test
    void shouldStartWhatIsNewEndWhatIsGoneAndForgetNoCount() throws Exception {
        try (RunningDaemon daemon = start(UPLINK + WORKER + MARK + BEACON)) {
            far.sendUdp(1_000, 100, 0);
            daemon.await("injects", "mark", "sent", 10);
            daemon.await("injects", "beacon", "sent", 50);
            assertEquals(
                    "capture inner is started; capture uplink has ended; stream beacon has ended; stream mark has ended",
                    daemon.reload(LOOPBACK + WORKER)
                            .replace(
                                    "stream mark has ended; stream beacon has ended",
                                    "stream beacon has ended; stream mark has ended"));
            assertEquals(
                    "ended", daemon.stats("captures", "uplink").get("state").getAsString());
            assertEquals(
                    "running", daemon.stats("captures", "inner").get("state").getAsString());
            far.sendUdp(500, 100, 0); // to nobody
            daemon.reload(UPLINK + LOOPBACK + WORKER + MARK);
            far.sendUdp(2_000, 100, 0);
            daemon.await("injects", "mark", "sent", 30);
            assertEquals(3_000, daemon.count("captures", "uplink", "received"));
            assertEquals(
                    0,
                    daemon.call("stats")
                            .getAsJsonObject("ledger")
                            .get("unaccounted")
                            .getAsLong());
            daemon.reload(LOOPBACK + WORKER);
            assertEquals(
                    List.of(
                            "capture=inner interface=lo received=0 kernel_dropped=0 published=0",
                            "capture=uplink interface=rt0 received=3000 kernel_dropped=0 published=3000",
                            "worker=w capture=inner delivered=0 failed=0 shed=0",
                            "worker=w capture=uplink delivered=3000 failed=0 shed=0",
                            "inject=beacon sent=50 failed=0",
                            "inject=mark sent=30 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    daemon.ledger().stream().sorted().toList().stream()
                            .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                            .toList());
        }
    }

    private static int rank(String line) {
        return List.of("capture", "worker", "inject", "ledger").indexOf(line.split("[= ]", -1)[0]);
    }

    @Test
    void shouldLetAStreamGoOnThatFollowsACaptureWhichIsRestarted() throws Exception {
        try (RunningDaemon daemon = start(UPLINK + WORKER + MARK + BEACON.replace("count = 50", ""))) {
            far.sendUdp(1_050, 100, 0);
            daemon.await("injects", "mark", "sent", 10);
            assertEquals(
                    "capture uplink is restarted",
                    daemon.reload(UPLINK.replace("2 MiB", "3 MiB") + WORKER + MARK + BEACON.replace("count = 50", "")));
            far.sendUdp(50, 100, 0);
            daemon.await("injects", "mark", "sent", 11); // 50 of the 100 were counted before
            long sent = daemon.count("injects", "beacon", "sent");
            VethPair.await(() -> daemon.count("injects", "beacon", "sent") > sent);
            assertEquals(1_100, daemon.count("captures", "uplink", "received"));
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
    }

    @Test
    void shouldMoveMetricsAndApplyTheCommandLineAsAtTheStart() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String metrics = "[metrics]\nlisten = \"127.0.0.1:" + port + "\"\n";
        try (RunningDaemon daemon =
                RunningDaemon.start(folder, UPLINK + WORKER, "--set", "capture.filter=udp", "-irt1")) {
            assertEquals("metrics.listen is changed", daemon.reload(UPLINK + "filter = \"arp\"\n" + WORKER + metrics));
            assertEquals(
                    "rt1", daemon.stats("captures", "uplink").get("interface").getAsString());
            try (var in =
                    URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
                assertTrue(new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("ringtap_lost_frames_total"));
            }
            assertEquals("metrics.listen is changed", daemon.reload(UPLINK + WORKER));
            assertThrows(
                    java.net.ConnectException.class,
                    () -> URI.create("http://127.0.0.1:" + port + "/metrics")
                            .toURL()
                            .openStream()
                            .close());
        }
    }

    @Test
    void shouldStopAsUsualWhileAReloadWaitsForAHandler() throws Exception {
        String sleeping = WORKER.replace("count", "io.ringtap.daemon.endtoend.StuckStart");
        try (RunningDaemon daemon = start(UPLINK + WORKER)) {
            far.sendUdp(100, 100, 0);
            daemon.configure(UPLINK + sleeping);
            daemon.process().signal("HUP");
            daemon.process().awaitErrorLine("StuckStart waits");
            daemon.process().signal("TERM");
            assertEquals(0, daemon.process().exitCode(), daemon.process().toString());
            assertTrue(daemon.process().ledger().contains("worker=w capture=uplink delivered=100 failed=0 shed=0"));
            assertFalse(daemon.process().err().stream().anyMatch(line -> line.contains("Exception")));
        }
    }
}
