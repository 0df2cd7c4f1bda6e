package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.capturefile.Tshark;
import io.ringtap.inject.mark.Mark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ringtap inject} without an interface: dry runs, and what it refuses. */
class InjectCommandTest {
    private static final String HEX = "02005e00530202005e00530188b5cafe";

    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder;

    private Path written() {
        return folder.resolve("dry.pcapng");
    }

    private int run(String... options) {
        CommandLine line = RingtapCommand.commandLine(new StopSignal());
        line.setOut(new PrintWriter(out, true));
        line.getSubcommands().get("inject").setOut(new PrintWriter(out, true));
        return line.execute(
                Stream.concat(Stream.of("inject"), Stream.of(options)).toArray(String[]::new));
    }

    private int dryRun(String... options) {
        return run(Stream.concat(
                        Stream.of(options), Stream.of("--dry-run", written().toString()))
                .toArray(String[]::new));
    }

    private String refusal(int exitCode, String... options) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertEquals(exitCode, run(options));
        } finally {
            System.setErr(before);
        }
        String text = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), text);
        return text.strip();
    }

    /** What goes to standard output itself, past the command line's writer. */
    private byte[] standardOutput(String... options) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertEquals(ExitCode.DONE, run(options));
        } finally {
            System.setOut(before);
        }
        return bytes.toByteArray();
    }

    private Path trace() throws Exception {
        return Files.write(
                folder.resolve("trace.pcap"),
                new PcapWriter(ByteOrder.BIG_ENDIAN, true)
                        .frame(SampleFiles.START_NANOS, SampleFrames.vlan())
                        .frame(SampleFiles.START_NANOS + 3_000_000_000L, SampleFrames.arp())
                        .bytes());
    }

    private static List<String> hex(List<FrameRecord> records) {
        return records.stream().map(FrameRecord::hex).toList();
    }

    private static List<Long> times(List<FrameRecord> records) {
        long first = records.getFirst().timestampNanos();
        return records.stream().map(r -> r.timestampNanos() - first).toList();
    }

    @Test
    void shouldWriteOneFrameIfToldNothingElse() {
        assertEquals(ExitCode.DONE, dryRun("--hex", HEX));
        assertEquals(List.of(HEX), hex(Tshark.read(written())));
        assertTrue(out.toString().startsWith("wrote 1 frame in "), out.toString());
    }

    @Test
    void shouldWriteEachFrameWithItsDeadline() {
        assertEquals(ExitCode.DONE, dryRun("--hex", HEX, "--rate", "3 pps", "--count", "4"));
        List<FrameRecord> records = Tshark.read(written());
        assertEquals(List.of(HEX, HEX, HEX, HEX), hex(records));
        assertEquals(List.of(0L, 333_333_334L, 666_666_667L, 1_000_000_000L), times(records));
    }

    @Test
    void shouldWriteForAsLongAsItWouldSend() {
        assertEquals(ExitCode.DONE, dryRun("--hex", HEX, "--rate", "10 pps", "--duration", "1 h", "--json"));
        assertEquals(36_000, Tshark.read(written()).size());
        JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals(36_000, report.get("sent").getAsLong());
        assertEquals("3600", report.get("seconds").getAsString());
    }

    @Test
    void shouldTellFramesTheTimeAtWhichTheyWouldBeSent() throws Exception {
        Path frame = Files.writeString(
                folder.resolve("frame.toml"), "destination = \"02:00:5e:00:53:02\"\nlength = 60\n[mark]\nstream = 3\n");
        assertEquals(ExitCode.DONE, dryRun("--frame", frame.toString(), "--rate", "1 pps", "--count", "3"));
        for (FrameRecord record : Tshark.read(written())) {
            int at = 2 * (14 + Mark.TIME_AT);
            long told = HexFormat.fromHexDigitsToLong(record.hex(), at, at + 16);
            assertEquals(record.timestampNanos(), told);
        }
    }

    @Test
    void shouldReplayAFileAtItsTimesTwiceAsFast() throws Exception {
        assertEquals(
                ExitCode.DONE,
                dryRun("--replay", trace().toString(), "--speed", "2", "--loops", "2", "--vlan", "remove"));
        List<FrameRecord> records = Tshark.read(written());
        String vlan = HexFormat.of().formatHex(SampleFrames.vlan()).replaceFirst("81006064", "");
        String arp = HexFormat.of().formatHex(SampleFrames.arp());
        assertEquals(List.of(vlan, arp, vlan, arp), hex(records));
        assertEquals(List.of(0L, 1_500_000_000L, 3_000_000_000L, 4_500_000_000L), times(records));
    }

    private Path farStamp() throws Exception {
        long[] micros = {0, 65_536_000_000L, 50, 100, 7_200_000_000L};
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (long since : micros) {
            file.frame(SampleFiles.START_NANOS + since * 1_000, SampleFrames.arp());
        }
        return Files.write(folder.resolve("far.pcap"), file.bytes());
    }

    @Test
    void shouldSayHowLongAReplayTakesWhichNoFrameWithATimeFarAheadHoldsUp() throws Exception {
        assertEquals(ExitCode.DONE, dryRun("--replay", farStamp().toString()));
        assertEquals(List.of(0L, 0L, 50_000L, 100_000L, 7_200_000_000_000L), times(Tshark.read(written())));
        assertTrue(out.toString().contains("\nsending takes 2 h 0 min 0 s\n"), out.toString());
    }

    @Test
    void shouldShortenPausesToWhatTheyMayBeAsTheyAreSent() throws Exception {
        assertEquals(ExitCode.DONE, dryRun("--replay", farStamp().toString(), "--max-gap", "2", "--speed", "10"));
        assertEquals(List.of(0L, 0L, 5_000L, 10_000L, 2_000_010_000L), times(Tshark.read(written())));
        assertTrue(out.toString().contains("\nsending takes 2.000 s\n"), out.toString());
        String see = "; see ringtap inject --help";
        assertEquals(
                "ringtap: --max-gap goes with the file's own times, not with --rate" + see,
                refusal(2, "-i", "rt0", "--replay", trace().toString(), "--max-gap", "1", "--rate", "1 pps"));
        assertEquals(
                "ringtap: --max-gap goes with --replay" + see, refusal(2, "-i", "rt0", "--hex", HEX, "--max-gap", "1"));
    }

    @Test
    void shouldCountInADryRunWhatNoInterfaceTakesAndGoOn() throws Exception {
        Path runts = Files.write(
                folder.resolve("runts.pcap"),
                new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                        .frame(0, SampleFrames.arp())
                        .frame(1_000_000_000, new byte[0])
                        .frame(2_000_000_000, new byte[13])
                        .frame(3_000_000_000L, SampleFrames.arp())
                        .bytes());
        assertEquals(ExitCode.FAILED, dryRun("--replay", runts.toString(), "--short-frames", "count"));
        assertEquals(2, Tshark.read(written()).size());
        assertTrue(out.toString().contains("failed 2: too_short 2"), out.toString());
    }

    @Test
    void shouldWriteToStandardOutputAndKeepTheReportOutOfIt() throws Exception {
        byte[] frames = standardOutput("--hex", HEX, "--rate", "1 kpps", "--count", "3", "--dry-run", "-");
        assertEquals("", out.toString());
        assertEquals(List.of(HEX, HEX, HEX), hex(Tshark.read(Files.write(written(), frames))));
    }

    @Test
    void shouldFailIfWhoeverReadsStandardOutputIsGone() {
        PrintStream before = System.out;
        System.setOut(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                true,
                StandardCharsets.UTF_8));
        try {
            assertEquals(
                    "ringtap: standard output did not take all: whoever read it is gone, or the disk is full",
                    refusal(1, "--hex", HEX, "--dry-run", "-"));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void shouldTakeHexadecimalDigitsAsOtherToolsWriteThem() {
        for (String hex : List.of(
                "02:00:5e:00:53:02 02-00-5e-00-53-01 88b5 ca:fe",
                "0x02005e005302 0x02005e005301 0x88b5 0xca 0xfe",
                "0x" + HEX)) {
            assertEquals(ExitCode.DONE, dryRun("--hex", hex), hex);
            assertEquals(List.of(HEX), hex(Tshark.read(written())), hex);
        }
    }

    @Test
    void shouldTellTheTimeThatFramesTookNotThatOfTheCommand() {
        assertEquals(ExitCode.DONE, dryRun("--hex", HEX, "--rate", "1 kpps", "--count", "500"));
        assertEquals(
                "wrote 500 frames in 0.500 s",
                out.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void shouldRefuseADryRunThatWouldNotEnd() throws Exception {
        String dry = written().toString();
        String endless =
                "ringtap: a dry run needs an end: --count, or --duration with a rate; see ringtap inject --help";
        assertEquals(endless, refusal(2, "--hex", HEX, "--rate", "1 pps", "--count", "0", "--dry-run", dry));
        assertEquals(endless, refusal(2, "--hex", HEX, "--rate", "max", "--duration", "1 s", "--dry-run", dry));
        assertEquals(endless, refusal(2, "--replay", trace().toString(), "--loops", "0", "--dry-run", dry));
    }

    @Test
    void shouldSayWhatIsWrongWithItsOptions() throws Exception {
        String see = "; see ringtap inject --help";
        assertEquals(
                "ringtap: -i INTERFACE is missing: where to send, or --dry-run FILE" + see, refusal(2, "--hex", HEX));
        assertEquals(
                "ringtap: --rate is missing: how fast to send more than one frame, such as --rate 10kpps, or --rate max"
                        + see,
                refusal(2, "-i", "rt0", "--hex", HEX, "--count", "3"));
        assertEquals(
                "ringtap: --rate must be \"max\" or a rate such as \"350 kpps\", not \"fast\"" + see,
                refusal(2, "-i", "rt0", "--hex", HEX, "--rate", "fast"));
        assertEquals(
                "ringtap: --loops, --destination, --source, --vlan, --cut-frames, --long-frames and"
                        + " --short-frames go with --replay"
                        + see,
                refusal(2, "-i", "rt0", "--hex", HEX, "--loops", "3"));
        assertEquals(
                "ringtap: --engine: \"xdp\" makes its frames itself, and cannot replay a file: use \"mmsg\"" + see,
                refusal(2, "-i", "rt0", "--replay", trace().toString(), "--engine", "xdp"));
        assertEquals(
                "ringtap: --source must be an address such as \"aa:bb:cc:dd:ee:ff\", not \"me\"" + see,
                refusal(2, "-i", "rt0", "--replay", trace().toString(), "--source", "me"));
        assertTrue(refusal(2, "-i", "rt0", "--hex", HEX, "--frame", "f").contains("--hex"));
        assertTrue(refusal(2, "-i", "rt0", "--hex", "0g").startsWith("ringtap: --hex "));
        assertTrue(refusal(2, "-i", "rt0").contains("--replay"));
        assertTrue(refusal(2, "-i", "rt0").startsWith("ringtap: Missing "), "one word for what it is is enough");
        assertEquals(
                "ringtap: --hex must be at least 14 bytes, an Ethernet header, not 3" + see,
                refusal(2, "-i", "rt0", "--hex", "02:00:5e"));
        assertEquals(
                "ringtap: --hex has ':' at character 3: must be hexadecimal digits, two a byte, such as \"01 02 0a\""
                        + see,
                refusal(2, "-i", "rt0", "--hex", "02::5e"));
        assertEquals(
                "ringtap: --speed: must be from 0.000001 to 1000000, not 0" + see,
                refusal(2, "-i", "rt0", "--replay", trace().toString(), "--speed", "0"));
    }

    @Test
    void shouldSayWhereATemplateIsWrong() throws Exception {
        Path frame = Files.writeString(folder.resolve("frame.toml"), "destination = \"02:00:5e:00:53\"\n");
        assertTrue(
                refusal(2, "-i", "rt0", "--frame", frame.toString()).startsWith(frame + ":1:1: destination: must be "));
        Files.writeString(frame, "[inject.frame]\ndestination = \"02:00:5e:00:53:02\"\n");
        assertEquals(
                frame
                        + ":1:1: inject: a frame's file holds the keys of [inject.frame] by themselves: [inject.frame.udp] is"
                        + " [udp] here",
                refusal(2, "-i", "rt0", "--frame", frame.toString()));
    }

    @Test
    void shouldFailWhereAFileCannotBeReadOrWritten() {
        assertTrue(refusal(1, "-i", "rt0", "--replay", folder + "/none")
                .endsWith("there is no such file; check the path"));
        assertTrue(refusal(1, "-i", "rt0", "--replay", "-")
                .endsWith("standard input is not read; write it to a file first"));
        assertEquals(
                "ringtap: cannot write " + folder + "/no/such/folder: there is no such folder",
                refusal(1, "--hex", HEX, "--dry-run", folder + "/no/such/folder"));
        assertEquals(
                "ringtap: cannot write " + folder + ": Is a directory",
                refusal(1, "--hex", HEX, "--dry-run", folder.toString()));
    }
}
