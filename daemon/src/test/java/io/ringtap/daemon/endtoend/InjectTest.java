package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.capturefile.Tshark;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent arrives: each frame, byte for byte, as dumpcap takes it at the far end. */
@Tag("live")
class InjectTest extends VethFixture {
    private static final String TEMPLATE = """
            destination = "02:00:5e:00:53:02"
            length = [60, 590, 1514]
            weights = [7, 4, 1]
            [ipv4]
            source = "192.0.2.1"
            destination = "198.51.100.1"
            [udp]
            source-port = 1024
            destination-port = 9
            [[vary]]
            field = "ipv4.source"
            kind = "counter"
            from = "192.0.2.1"
            to = "192.0.2.254"
            [[vary]]
            field = "udp.source-port"
            kind = "random"
            from = 1024
            to = 65535
            seed = 7
            """;
    private static final int FRAMES = 1_000;
    private static final int MOST_BYTES = 1_518;

    @TempDir
    private Path folder;

    private static RingtapProcess inject(String... arguments) {
        List<String> all = new ArrayList<>(List.of("inject", "-i", VethPair.NEAR));
        all.addAll(List.of(arguments));
        return RingtapProcess.start(all.toArray(String[]::new));
    }

    private static JsonObject report(RingtapProcess ringtap, int exitCode) {
        assertEquals(exitCode, ringtap.exitCode(), ringtap.toString());
        assertEquals(1, ringtap.out().size(), ringtap.toString());
        return JsonParser.parseString(ringtap.out().getFirst()).getAsJsonObject();
    }

    private static List<String> hex(List<byte[]> frames) {
        return frames.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static void assertSame(List<String> expected, List<String> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "frame " + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    /** Frames of every kind that a veth pair lets pass, and some of any length. */
    private static List<byte[]> mixed() {
        List<byte[]> frames = new ArrayList<>();
        SampleFrames.all().stream()
                .filter(frame -> frame.length >= 60 && frame.length <= 1_500)
                .forEach(frames::add);
        Random random = new Random(5);
        while (frames.size() < FRAMES) {
            byte[] frame = new byte[60 + random.nextInt(1_455)];
            random.nextBytes(frame);
            frame[0] = 2; // to one station
            frame[6] = 2; // from one
            frame[12] = (byte) 0x88;
            frame[13] = (byte) 0xb5;
            frames.add(frame);
        }
        return frames;
    }

    /** A file of two interfaces that takes 200 ms at its own times. */
    private Path file(List<byte[]> frames) throws Exception {
        PcapngWriter file = new PcapngWriter(ByteOrder.LITTLE_ENDIAN)
                .ethernet(PcapngWriter.NANOSECONDS)
                .ethernet(PcapngWriter.MICROSECONDS);
        for (int i = 0; i < frames.size(); i++) {
            long nanos = SampleFiles.START_NANOS + i * 200_000L;
            file.enhanced(i % 2, i % 2 == 0 ? nanos : nanos / 1_000, frames.get(i));
        }
        return Files.write(folder.resolve("trace.pcapng"), file.bytes());
    }

    @Test
    void shouldSendEachFrameOfATemplateAsADryRunWritesIt() throws Exception {
        String template =
                Files.writeString(folder.resolve("frame.toml"), TEMPLATE).toString();
        String dry = folder.resolve("dry.pcapng").toString();
        try (RingtapProcess ringtap =
                inject("--frame", template, "--count", "" + FRAMES, "--rate", "20 kpps", "--dry-run", dry)) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
        List<FrameRecord> written = Tshark.read(Path.of(dry));
        assertEquals(FRAMES, written.size());
        for (int i = 0; i < FRAMES; i++) {
            assertEquals(
                    i * 50_000L,
                    written.get(i).timestampNanos() - written.getFirst().timestampNanos());
        }
        try (FarCapture far = FarCapture.start(folder);
                RingtapProcess ringtap =
                        inject("--frame", template, "--count", "" + FRAMES, "--rate", "20 kpps", "--json")) {
            JsonObject report = report(ringtap, 0);
            assertEquals(FRAMES, report.get("sent").getAsLong());
            assertEquals(0, report.get("failed").getAsLong());
            assertSame(written.stream().map(FrameRecord::hex).toList(), hex(far.frames(FRAMES)));
        }
    }

    @Test
    void shouldReplayEachFrameOfAFileAsItIs() throws Exception {
        List<byte[]> frames = mixed();
        try (FarCapture far = FarCapture.start(folder);
                RingtapProcess ringtap = inject("--replay", file(frames).toString(), "--json", "--progress")) {
            JsonObject report = report(ringtap, 0);
            assertEquals(FRAMES, report.get("sent").getAsLong());
            assertTrue(report.get("seconds").getAsDouble() >= 0.199, report.toString());
            assertSame(hex(frames), hex(far.frames(FRAMES)));
        }
    }

    @Test
    void shouldRewriteEachFrameInEveryLoopByEachEngineThatReplays() throws Exception {
        // Takes some seconds: two JVMs, and two captures.
        String file = file(mixed()).toString();
        List<String> expected = new ArrayList<>();
        for (int loop = 0; loop < 2; loop++) {
            for (byte[] frame : mixed()) {
                String hex = HexFormat.of().formatHex(frame);
                expected.add("aabbccddeeff" + hex.substring(12, 24) + "81000007" + hex.substring(24));
            }
        }
        for (String engine : List.of("sendpacket", "mmsg")) {
            Path own = Files.createDirectory(folder.resolve(engine));
            try (FarCapture far = FarCapture.start(own);
                    RingtapProcess ringtap = inject(
                            "--replay",
                            file,
                            "--rate",
                            "50 kpps",
                            "--loops",
                            "2",
                            "--destination",
                            "aa:bb:cc:dd:ee:ff",
                            "--vlan",
                            "add 7",
                            "--engine",
                            engine,
                            "--json")) {
                assertEquals(2 * FRAMES, report(ringtap, 0).get("sent").getAsLong());
                assertSame(expected, hex(far.frames(2 * FRAMES)));
            }
        }
    }

    @Test
    void shouldReplayAStreamOfTheConfiguration() throws Exception {
        List<byte[]> frames = mixed();
        Path config = Files.writeString(folder.resolve("ringtap.toml"), """
                [[inject]]
                name = "trace"
                interface = "rt0"
                replay = "FOLDER/trace.pcapng"
                speed = 4.0
                [control]
                socket = "FOLDER/control.sock"
                """.replace("FOLDER", folder.toString()));
        file(frames);
        try (FarCapture far = FarCapture.start(folder);
                RingtapProcess ringtap = RingtapProcess.start("run", "--config", config.toString())
                        .awaitReady()) {
            assertSame(hex(frames), hex(far.frames(FRAMES)));
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of("inject=trace sent=" + FRAMES + " failed=0", "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
        }
    }

    @Test
    void shouldCountFramesThatAreTooLongAndSayThatNotAllWereSent() throws Exception {
        String file = file(List.of(SampleFrames.arp(), new byte[MOST_BYTES + 1], SampleFrames.ipv4Udp()))
                .toString();
        try (RingtapProcess ringtap = inject("--replay", file)) {
            assertEquals(1, ringtap.exitCode(), ringtap.toString());
            assertTrue(ringtap.err().getLast().contains("frame 2 of 1519 bytes needs an MTU of 1505 bytes"));
        }
        try (RingtapProcess ringtap = inject("--replay", file, "--long-frames", "count", "--json")) {
            assertEquals(
                    JsonParser.parseString("{too_long:1}"), report(ringtap, 1).get("failures"));
        }
    }

    @Test
    void shouldEndEarlyWithItsReportWhenInterrupted() throws Exception {
        try (FarCapture far = FarCapture.start(folder);
                RingtapProcess ringtap = inject(
                        "--hex", "02005e005302 02005e005301 88b5 00", "--rate", "200pps", "--count", "0", "--json")) {
            far.await(10);
            ringtap.signal("INT");
            long sent = report(ringtap, 0).get("sent").getAsLong();
            assertTrue(sent >= 10, "sent " + sent);
            assertEquals(sent, far.frames((int) sent).size());
        }
    }

    @Test
    void shouldNameTheCapabilityThatIsMissing() throws Exception {
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                Privileges.none(),
                Installation.copiedTo(folder),
                "inject",
                "-i",
                VethPair.NEAR,
                "--hex",
                "00".repeat(60))) {
            assertEquals(3, ringtap.exitCode(), ringtap.toString());
            assertTrue(ringtap.err().getLast().contains("CAP_NET_RAW"), ringtap.toString());
        }
    }
}
