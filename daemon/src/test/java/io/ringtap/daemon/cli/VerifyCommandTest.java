package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.util.MacAddress;
import picocli.CommandLine;

class VerifyCommandTest {
    private static final long SENT_NANOS = 1_700_000_000_000_000_000L;
    private static final long DELAY_NANOS = 250_000;

    private final PcapngWriter writer = new PcapngWriter(ByteOrder.LITTLE_ENDIAN).ethernet(PcapngWriter.NANOSECONDS);
    private final StringWriter out = new StringWriter();

    private int cutBytes;

    @TempDir
    Path folder;

    @Test
    void shouldFindAWholeStreamWholeAndSayHowLongItTook() throws Exception {
        CompiledTemplate frames = frames(7, 4_294_967_290L);
        for (int i = 0; i < 1000; i++) {
            write(frames.bytes(i, SENT_NANOS));
        }
        assertEquals(ExitCode.DONE, run("--json"));
        JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals(
                JsonParser.parseString("{stream:7,received:1000,lost:0,duplicated:0,reordered:0,late:0,damaged:0,"
                        + "lowest:4294967290,highest:4294968289,delay_min_ns:250000,delay_p50_ns:250879,"
                        + "delay_p99_ns:250879,delay_max_ns:250000}"),
                report.getAsJsonArray("streams").get(0));
        assertTrue(report.get("whole").getAsBoolean());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81000005",
                "88a8000581000006",
                "92000005",
                "88a8000581000006910000079200000a",
                "88a80005810000069100000a"
            })
    void shouldFindMarksBehindVlanTags(String tags) throws Exception {
        CompiledTemplate frames = frames(7, 0);
        for (int i = 0; i < 3; i++) {
            HexFormat hex = HexFormat.of();
            byte[] frame = frames.bytes(i, SENT_NANOS);
            write(hex.parseHex(hex.formatHex(frame, 0, 12) + tags + hex.formatHex(frame, 12, frame.length)));
        }
        assertEquals(ExitCode.DONE, run("--json"));
        JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals(
                3,
                report.getAsJsonArray("streams")
                        .get(0)
                        .getAsJsonObject()
                        .get("received")
                        .getAsLong());
    }

    @Test
    void shouldCountWhatIsWrongByStreamAndFail() throws Exception {
        CompiledTemplate one = frames(1, 0);
        CompiledTemplate two = frames(2, 0);
        for (int index : new int[] {0, 1, 4, 3, 3}) {
            write(one.bytes(index, SENT_NANOS));
        }
        write(two.bytes(0, SENT_NANOS));
        byte[] damaged = two.bytes(1, SENT_NANOS);
        damaged[20] ^= 1;
        write(damaged);
        write(two.bytes(2, SENT_NANOS));
        write(new byte[60]);
        assertEquals(ExitCode.FAILED, run());
        List<String> lines = out.toString()
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
        assertEquals("1 5 1 1 1 0 0 250 250 250 250", lines.get(1));
        assertEquals("2 2 1 0 0 0 1 250 250 250 250", lines.get(2));
        assertEquals("unmarked=1 stray=0 cut=0 kernel_dropped=0", lines.get(3));
        assertEquals("not whole", lines.get(4));
    }

    @Test
    void shouldFailWhereThereIsNoMarkedFrame() throws Exception {
        write(new byte[60]);
        assertEquals(ExitCode.FAILED, run());
        assertEquals("no marked frame", out.toString().lines().toList().getLast());
    }

    @Test
    void shouldNotCallAFileWholeThatIsCutShort() throws Exception {
        CompiledTemplate frames = frames(7, 0);
        for (int i = 0; i < 10; i++) {
            write(frames.bytes(i, SENT_NANOS));
        }
        cutBytes = 10;
        assertEquals(ExitCode.FAILED, run());
        assertEquals(
                "not whole: what was read is, but not all was",
                out.toString().lines().toList().getLast());
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.FAILED, run("--json"));
        JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
        JsonObject stream = report.getAsJsonArray("streams").get(0).getAsJsonObject();
        assertEquals(9, stream.get("received").getAsLong());
        assertEquals(0, stream.get("lost").getAsLong());
        assertFalse(report.get("whole").getAsBoolean());
        String failure = report.get("failure").getAsString();
        assertTrue(failure.contains("marked.pcapng is cut short after frame 9: "), failure);
    }

    @Test
    void shouldNotCallAFileWholeThatItDidNotReadToItsEnd() throws Exception {
        write(frames(7, 0).bytes(0, SENT_NANOS));
        assertEquals(ExitCode.FAILED, run("--seconds", "0", "--json"));
        JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals("stopped before the end of the file", report.get("failure").getAsString());
    }

    @Test
    void shouldRefuseBothAnInterfaceAndAFile() throws Exception {
        assertEquals(ExitCode.BAD_USAGE, run("-i", "eth0"));
    }

    private void write(byte[] frame) {
        writer.enhanced(0, SENT_NANOS + DELAY_NANOS, frame);
    }

    private int run(String... options) throws Exception {
        byte[] bytes = writer.bytes();
        Path file = Files.write(folder.resolve("marked.pcapng"), Arrays.copyOf(bytes, bytes.length - cutBytes));
        CommandLine line = RingtapCommand.commandLine(new StopSignal());
        line.setOut(new PrintWriter(out, true));
        line.getSubcommands().get("verify").setOut(new PrintWriter(out, true));
        String[] arguments = new String[options.length + 2];
        arguments[0] = "verify";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return line.execute(arguments);
    }

    private static CompiledTemplate frames(int stream, long first) {
        return new FrameTemplate(
                        EnumSet.of(Layer.ETHERNET),
                        Map.of(Field.DESTINATION, FieldValue.of(0x02005e005302L)),
                        Content.NONE,
                        FrameLengths.of(60),
                        List.of(),
                        Optional.of(new Mark(stream, first, true)))
                .compile(MacAddress.getByName("02:00:5e:00:53:01"));
    }
}
