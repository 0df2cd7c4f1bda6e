package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.ControlException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Configurations that are good, and cannot be taken; and what only one can have at a time. */
@Tag("live")
class ReloadFailureTest extends ReloadFixture {
    @Test
    void shouldGoOnWholeWhereWhatIsNewCannotBeOpened() throws Exception {
        String good = UPLINK + WORKER + MARK;
        try (RunningDaemon daemon = start(good);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            far.sendUdp(1_000, 100, 0);
            String changed = good.replace("2 MiB", "3 MiB") + BEACON;
            assertRefused(daemon, changed + LOOPBACK.replace("\"lo\"", "\"rt9\"\nmissing = \"fail\""), "rt9");
            assertRefused(
                    daemon, changed + "[metrics]\nlisten = \"127.0.0.1:" + taken.getLocalPort() + "\"\n", "metrics");
            Path other = daemon.socket().resolveSibling("other.sock");
            assertRefused(daemon, changed, "control.socket", other);
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

    private static void assertRefused(RunningDaemon daemon, String toml, String part) {
        ControlException refused = assertThrows(ControlException.class, () -> daemon.reload(toml));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private static void assertRefused(RunningDaemon daemon, String toml, String part, Path socket) throws Exception {
        daemon.configure(toml);
        Files.writeString(
                daemon.file(),
                Files.readString(daemon.file()).replace(daemon.socket().toString(), socket.toString()));
        ControlException refused = assertThrows(ControlException.class, daemon::reload);
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    @Test
    void shouldPutACaptureBackWhoseNewHandlerCannotStart() throws Exception {
        String recording = WORKER + "[[worker.handler]]\ntype = \"record\"\nfolder = \"" + folder.resolve("r") + "\"\n";
        try (RunningDaemon daemon = start(UPLINK + LOOPBACK + recording)) {
            far.sendUdp(1_000, 100, 0);
            daemon.await("workers", "w", "delivered", 1_000);
            Path file = Files.writeString(folder.resolve("file"), "");
            String bad = UPLINK + "filter = \"arp\"\n" + LOOPBACK
                    + recording.replace(folder.resolve("r").toString(), file.toString());
            ControlException refused = assertThrows(ControlException.class, () -> daemon.reload(bad));
            assertTrue(refused.getMessage().contains("cannot record to " + file), refused.getMessage());
            assertTrue(
                    refused.getMessage()
                            .endsWith("uplink, inner had been stopped for it: opened again, without what came"
                                    + " meanwhile"),
                    refused.getMessage());
            assertEquals(
                    "running", daemon.stats("captures", "uplink").get("state").getAsString());
            far.sendUdp(500, 100, 0);
            daemon.await("workers", "w", "delivered", 1_500);
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
        try (var files = Files.list(folder.resolve("r"))) {
            List<String> whole = files.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("w-uplink"))
                    .sorted()
                    .toList();
            assertEquals(2, whole.size(), whole.toString()); // one before, one after
        }
    }

    private static String recording(String worker, String capture, Path folder) {
        return "[[worker]]\nname = \"" + worker + "\"\ncaptures = [\"" + capture + "\"]\n"
                + "[[worker.handler]]\ntype = \"record\"\nfolder = \"" + folder + "\"\n";
    }

    @Test
    void shouldTakeAFolderBackFromTheNewHandlerThatHadStartedBeforeAnotherCouldNot() throws Exception {
        String captures = UPLINK + LOOPBACK;
        String recordings = recording("w", "uplink", folder.resolve("r"));
        Path file = Files.writeString(folder.resolve("file"), "");
        try (RunningDaemon daemon = start(captures + recordings + recording("i", "inner", folder.resolve("i")))) {
            String bad = captures + recordings + "file-frames = 100\n" + recording("i", "inner", file);
            assertRefused(daemon, bad, "uplink, inner had been stopped for it: opened again");
            assertEquals(
                    "running", daemon.stats("captures", "uplink").get("state").getAsString());
            far.sendUdp(500, 100, 0);
            daemon.await("workers", "w", "delivered", 500);
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
    }

    @Test
    void shouldReleaseACaptureThatCannotBePutBackEither() throws Exception {
        Path gone = folder.resolve("gone");
        Path file = Files.writeString(folder.resolve("file"), "");
        try (RunningDaemon daemon = start(UPLINK + LOOPBACK + recording("w", "uplink", gone))) {
            long before = packetSockets(daemon);
            Files.move(gone, folder.resolve("moved"));
            Files.writeString(gone, "");
            assertRefused(daemon, UPLINK + LOOPBACK + recording("w", "uplink", file), "uplink had been stopped for it");
            assertEquals(before - 1, packetSockets(daemon), "uplink's, and no other");
        }
    }

    /** Of the kernel rings of this process's namespace, which are its daemon's. */
    private static long packetSockets(RunningDaemon daemon) throws Exception {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(daemon.process().pid()), "net", "packet"))) {
            return lines.count();
        }
    }

    @Test
    void shouldPutAFilterBackWhereAnotherCapturesNewHandlerCannotStart() throws Exception {
        String inner = "[[worker]]\nname = \"i\"\ncaptures = [\"inner\"]\n[[worker.handler]]\n";
        String rest = LOOPBACK + WORKER.replace("\"w\"\n", "\"w\"\ncaptures = [\"uplink\"]\n") + inner;
        Path file = Files.writeString(folder.resolve("file"), "");
        try (RunningDaemon daemon = start(UPLINK + rest + "type = \"count\"\n")) {
            String bad = UPLINK + "filter = \"arp\"\n" + rest + "type = \"record\"\nfolder = \"" + file + "\"\n";
            ControlException refused = assertThrows(ControlException.class, () -> daemon.reload(bad));
            assertTrue(
                    refused.getMessage()
                            .endsWith("inner had been stopped for it: opened again, without what came meanwhile"),
                    refused.getMessage());
            far.sendUdp(500, 100, 0);
            daemon.await("workers", "w", "delivered", 500);
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
    }

    @Test
    void shouldHandARecordersFolderOverToTheOneThatTakesItsPlace() throws Exception {
        String recording = WORKER + "[[worker.handler]]\ntype = \"record\"\nfolder = \"" + folder.resolve("r") + "\"\n";
        try (RunningDaemon daemon = start(UPLINK + recording)) {
            far.sendUdp(1_000, 100, 0);
            daemon.await("workers", "w", "delivered", 1_000);
            assertEquals("capture uplink is restarted", daemon.reload(UPLINK + recording + "file-frames = 100\n"));
            far.sendUdp(250, 100, 0);
            daemon.await("workers", "w", "delivered", 1_250);
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
        try (var files = Files.list(folder.resolve("r"))) {
            assertEquals(
                    4,
                    files.filter(each -> each.getFileName().toString().startsWith("w-uplink"))
                            .count());
        }
    }
}
