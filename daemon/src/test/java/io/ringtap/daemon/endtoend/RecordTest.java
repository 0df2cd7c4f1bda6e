package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.capturefile.Tshark;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon records an interface: what is in the files is what the ledger says was delivered. */
@Tag("live")
class RecordTest {
    private static final Pattern WORKER =
            Pattern.compile("worker=rec capture=near delivered=(\\d+) failed=(\\d+) shed=0");

    /** A file that was only prepared has a header. */
    private static final int LONGEST_HEADER = 1_000;

    @TempDir
    private Path temporary;

    private final Random random = new Random(1);
    private VethPair pair;
    private FarSender far;
    private Path path;
    private RecordedFolder folder;

    @BeforeEach
    void open() {
        pair = VethPair.open();
        far = new FarSender();
        path = temporary.resolve("recordings");
        folder = new RecordedFolder(path);
    }

    @AfterEach
    void close() {
        far.close();
        pair.close();
    }

    private String[] configured(String socket, String... keys) throws Exception {
        Path config = Files.writeString(temporary.resolve(socket + ".toml"), """
                [[capture]]
                name = "near"
                interface = "rt0"
                filter = "udp"
                [[worker]]
                name = "rec"
                [[worker.handler]]
                type = "record"
                folder = "FOLDER"
                KEYS
                [control]
                socket = "SOCKET"
                """.replace("FOLDER", path.toString())
                .replace("KEYS", String.join("\n", keys))
                .replace("SOCKET", temporary.resolve(socket).toString()));
        return new String[] {"run", "--config", config.toString()};
    }

    private static long[] deliveredAndFailed(RingtapProcess ringtap) {
        for (String line : ringtap.ledger()) {
            Matcher worker = WORKER.matcher(line);
            if (worker.matches()) {
                return new long[] {Long.parseLong(worker.group(1)), Long.parseLong(worker.group(2))};
            }
        }
        throw new AssertionError(ringtap.toString());
    }

    private static void assertNothingLost(RingtapProcess ringtap) {
        assertEquals("ledger lost=0 unaccounted=0", ringtap.ledger().getLast(), ringtap.toString());
    }

    @Test
    void shouldRecordWhatItDelivers() throws Exception {
        try (RingtapProcess ringtap = RingtapProcess.start(configured("a", "file-frames = 7_000"))) {
            ringtap.awaitReady();
            far.sendUdp(20_000, 300, 100_000);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertNothingLost(ringtap);
            assertEquals(
                    List.of(20_000L, 0L),
                    Arrays.stream(deliveredAndFailed(ringtap)).boxed().toList());
        }
        assertEquals(List.of(7_000L, 7_000L, 6_000L), folder.counts());
        assertEquals(6_000, Tshark.read(folder.whole().getLast()).size());
        String said = VethPair.run("capinfos", folder.whole().getFirst().toString());
        assertTrue(said.contains("Name = rt0") && said.contains("Filter string = udp"), said);
    }

    /** The longest that lo carries in one piece. */
    @Test
    void shouldRecordAPacketOf64KibWholeAndReplayIt() throws Exception {
        String[] run = configured("a");
        Path config = Path.of(run[2]);
        Files.writeString(config, Files.readString(config).replace("\"rt0\"", "\"lo\""));
        try (RingtapProcess ringtap = RingtapProcess.start(run).awaitReady();
                DatagramSocket socket = new DatagramSocket()) {
            int payload = 65_535 - 20 - 8;
            socket.send(new DatagramPacket(new byte[payload], payload, InetAddress.ofLiteral("127.0.0.1"), 9));
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    "capture=near interface=lo received=1 kernel_dropped=0 published=1",
                    ringtap.ledger().getFirst());
        }
        String file = folder.whole().getFirst().toString();
        try (RingtapProcess ringtap = RingtapProcess.start("inject", "-ilo", "--replay", file)) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
    }

    /** As the service's umask is. */
    @ParameterizedTest
    @CsvSource({"sync = true, rw-r-----", "mode = \"0664\", rw-rw-r--"})
    void shouldGiveFilesTheirModeWhateverTheUmask(String key, String mode) throws Exception {
        List<String> closed = List.of("sh", "-c", "umask 077; exec \"$@\"", "sh");
        try (RingtapProcess ringtap = RingtapProcess.startAs(closed, Installation.here(), configured("a", key))) {
            ringtap.awaitReady();
            far.sendUdp(10, 300, 0);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
        assertEquals(
                mode,
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.whole().getFirst())));
    }

    @Test
    void shouldRefuseAFolderWhereAnotherDaemonRecordsTheSame() throws Exception {
        // Takes some seconds: the second daemon waits three seconds for the lock, as one that is started again.
        try (RingtapProcess first = RingtapProcess.start(configured("a")).awaitReady();
                RingtapProcess second = RingtapProcess.start(configured("b"))) {
            assertEquals(1, second.exitCode(), second.toString());
            assertEquals(
                    1,
                    second.err().stream()
                            .filter(line -> line.startsWith("ringtap: "))
                            .count(),
                    second.toString());
            String error = "ringtap: worker rec on capture near: onStart of handler record failed: cannot record to "
                    + path + ": another handler or daemon records there under the same names (it holds .rec-near.lock)";
            assertTrue(second.err().getLast().startsWith(error), second.toString());
            far.sendUdp(100, 300, 0);
            first.signal("TERM");
            assertEquals(0, first.exitCode(), first.toString());
        }
        assertEquals(List.of(100L), folder.counts());
        assertEquals(List.of(), folder.parts());
    }

    @Test
    void shouldCheckItsKeysWithTheRest() throws Exception {
        String[] run = configured("a", "file-siez = \"1 GiB\"", "format = \"erf\"", "buffer = \"1 kB\"");
        try (RingtapProcess check = RingtapProcess.start("check-config", run[2])) {
            assertEquals(2, check.exitCode(), check.toString());
            assertEquals(3, check.err().size(), check.toString());
            assertTrue(check.err().get(0).contains(":10:1: worker.handler.file-siez: "), check.toString());
            assertTrue(check.err().get(0).contains("did you mean file-size?"), check.toString());
            assertTrue(check.err().get(1).contains(":11:1: worker.handler.format: must be"), check.toString());
            assertTrue(check.err().get(2).contains(":12:1: worker.handler.buffer: must be"), check.toString());
        }
        assertTrue(Files.notExists(path), "checking makes no folder");
    }

    /**
     * In a mount namespace of its own, kept by a process of ours when ringtap ends: nothing is mounted outside. There is room
     * for sixteen files and a page, in which a record, or a block, then ends half way. No frame can be compressed.
     */
    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd"})
    void shouldPauseWhileTheDiskIsFullAndGoOnWhenThereIsRoom(String compress) throws Exception {
        Files.createDirectories(path);
        String mount = "mount -t tmpfs -o size=4100k tmpfs '" + path + "' && exec \"$@\"";
        List<String> inTmpfs = List.of("unshare", "--mount", "sh", "-c", mount, "sh");
        String[] run =
                configured("a", "file-size = \"256 KiB\"", "buffer = \"1 MiB\"", "compress = \"" + compress + "\"");
        RecordedFolder moved = new RecordedFolder(Files.createDirectory(temporary.resolve("moved")));
        try (RingtapProcess ringtap = RingtapProcess.startAs(inTmpfs, Installation.here(), run);
                Kept kept = Kept.inMountsOf(ringtap.awaitReady().pid())) {
            RecordedFolder there =
                    new RecordedFolder(kept.root().resolve(path.toString().substring(1)));
            fillAndMakeRoom(ringtap, there, moved);
            send(1_000);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertNothingLost(ringtap);
            moveAll(there, moved);
            long[] counts = deliveredAndFailed(ringtap);
            assertEquals(9_000, counts[0] + counts[1]);
            assertTrue(counts[1] > 0, "failed while the disk was full");
            assertTrue(counts[0] > 5_000, () -> "delivered before and after: " + counts[0]);
            List<Long> moves = compress.equals("none") ? moved.counts() : moved.capinfosCounts();
            assertEquals(counts[0], moves.stream().mapToLong(n -> n).sum(), "delivered and in a file");
            assertFalse(moves.contains(0L), "a file into which the disk took no frame");
            assertEquals(List.of(), there.parts());
        }
    }

    /** Frames of 1,000 bytes, each another one. */
    private void send(int count) {
        for (int i = 0; i < count; i++) {
            byte[] frame = FarSender.udp(1_000);
            byte[] payload = new byte[958];
            random.nextBytes(payload);
            System.arraycopy(payload, 0, frame, 42, payload.length);
            far.send(List.of(frame));
        }
    }

    private void fillAndMakeRoom(RingtapProcess ringtap, RecordedFolder full, RecordedFolder other) throws IOException {
        send(6_000);
        String paused = "record of capture near is paused: cannot write to " + path + ": No space left on device;";
        ringtap.awaitErrorLine(paused);
        send(2_000);
        VethPair.await(
                () -> full.parts().stream().allMatch(file -> file.toFile().length() < LONGEST_HEADER));
        moveAll(full, other);
        ringtap.awaitErrorLine("record of capture near goes on after ");
        assertEquals(
                1, ringtap.err().stream().filter(line -> line.contains(paused)).count(), ringtap.toString());
    }

    private static void moveAll(RecordedFolder from, RecordedFolder to) throws IOException {
        for (Path file : from.whole()) {
            Files.copy(file, to.path().resolve(file.getFileName().toString()));
            Files.delete(file);
        }
    }

    /** A process that keeps another one's mounts. */
    private record Kept(Process process) implements AutoCloseable {
        static Kept inMountsOf(long pid) throws Exception {
            Process process = new ProcessBuilder(
                            "nsenter", "--target=" + pid, "--mount", "sh", "-c", "echo in; exec sleep 1000")
                    .start();
            assertEquals("in", process.inputReader().readLine());
            return new Kept(process);
        }

        Path root() {
            return Path.of("/proc", Long.toString(process.pid()), "root");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
