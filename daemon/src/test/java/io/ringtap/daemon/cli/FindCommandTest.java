package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.handler.record.RecordHandler;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FindCommandTest {
    /** 2023-11-14T22:13:20Z. */
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final String OWN = "ether proto 0x88b5";

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int find(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        List<String> all = new ArrayList<>(List.of("find"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        CommandLine line = RingtapCommand.commandLine(new StopSignal());
        int code = line.setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(all.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    private static byte[] bytes(int number) {
        byte[] bytes = new FrameBytes(0x02_00_5e_00_53_02L, 0x02_00_5e_00_53_01L)
                .type(0x88b5)
                .padTo(60)
                .bytes();
        ByteBuffer.wrap(bytes).putInt(20, number);
        return bytes;
    }

    /** Frames a second apart, numbered by their seconds. */
    private HandlerTrial begin(String capture, int first, int step, int count, Object... keys) {
        List<Object> all = new ArrayList<>(List.of("folder", folder.toString(), "index", true));
        all.addAll(List.of(keys));
        HandlerTrial trial = HandlerTrial.start(
                TestSettings.of(all.toArray()).make(RecordHandler::new), new TestContext(capture, "w", 0));
        for (int i = 0; i < count; i++) {
            int second = first + i * step;
            trial.frames(Frame.of(bytes(second), 60, START_NANOS + second * SECOND, capture));
        }
        return trial;
    }

    private Path record(String capture, int first, int step, int count) {
        List<Path> before = new RecordedFolder(folder).whole();
        begin(capture, first, step, count).stop();
        List<Path> after = new ArrayList<>(new RecordedFolder(folder).whole());
        after.removeAll(before);
        return after.getFirst();
    }

    private byte[] pcap(int first, int count) {
        PcapWriter pcap = new PcapWriter(ByteOrder.BIG_ENDIAN, true);
        for (int i = 0; i < count; i++) {
            pcap.frame(START_NANOS + (first + i) * SECOND, bytes(first + i));
        }
        return pcap.bytes();
    }

    /** As tshark reads them: interface, number. */
    private static List<String> frames(Path file) {
        return VethPair.run("tshark", "-r", file.toString(), "-T", "fields", "-e", "frame.interface_name", "-e", "data")
                .lines()
                .filter(line -> !line.startsWith("Running as"))
                .map(line -> line.replaceFirst("\t.{12}(.{8}).*", " $1"))
                .toList();
    }

    @Test
    void shouldListTheFilesInWhichThereAreFrames() {
        Path a = record("a", 0, 1, 100);
        record("b", 1_000, 1, 100);
        assertEquals(0, find(folder, OWN, "--to", "2023-11-14 22:13:30Z"), () -> err);
        assertEquals("", err);
        assertTrue(
                out.contains(a + "      10    600  2023-11-14T22:13:20.000000000Z  2023-11-14T22:13:29.000000000Z"),
                out);
        assertEquals(2, out.lines().count(), out);
        assertEquals(0, find(folder, OWN, "--count"));
        assertEquals("200\n", out);
        assertEquals(0, find(folder, OWN, "--list", "--to", "2023-11-14 22:13:30Z"));
        assertEquals(a + "\n", out);
        assertEquals(0, find(folder, OWN, "--json", "--from", "@1700001000"));
        JsonObject json = JsonParser.parseString(out).getAsJsonObject();
        assertEquals(100, json.get("frames").getAsInt());
        assertEquals(
                100,
                json.getAsJsonArray("files")
                        .get(0)
                        .getAsJsonObject()
                        .get("frames")
                        .getAsInt());
        assertEquals(0, find(folder, "host 192.0.2.7"));
        assertEquals("no frame found\n", out);
    }

    @Test
    void shouldWriteFramesInTheOrderOfTimeWithTheirInterfaces() {
        Path a = record("a", 0, 2, 500);
        Path b = record("b", 1, 2, 500);
        record("a", 2_000, 1, 5);
        Path found = folder.resolve("found.pcapng");
        assertEquals(0, find(folder, OWN, "-w", found), () -> err);
        assertEquals("ringtap: 1,005 frames written to " + found + "\n", err);
        List<String> frames = frames(found);
        assertEquals(1_005, frames.size());
        for (int i = 0; i < 1_000; i++) {
            assertEquals(String.format(i % 2 == 0 ? "a %08x" : "b %08x", i), frames.get(i));
        }
        assertEquals(String.format("a %08x", 2_004), frames.getLast());
        assertEquals(0, find(folder, OWN, "-w", found), () -> err); // which lies there now, and is not read
        assertEquals(1_005, frames(found).size());
        assertEquals(2, find(a, b, OWN, "-w", a));
        assertTrue(err.contains("is one of the files to read"), err);
    }

    @Test
    void shouldReadFilesOfAllKinds() throws IOException {
        record("a", 0, 1, 10);
        Files.write(folder.resolve("other.pcap"), pcap(10, 10));
        try (OutputStream zip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("zip.pcap.gz")))) {
            zip.write(pcap(20, 10));
        }
        byte[] cut = pcap(30, 10);
        Files.write(folder.resolve("cut.cap"), java.util.Arrays.copyOf(cut, cut.length - 1));
        Path found = folder.resolve("found.pcapng");
        assertEquals(0, find(folder, "len = 60 and " + OWN, "-w", found), () -> err);
        assertTrue(err.contains("ringtap: 3 of 4 files without an index: read whole\n"), err);
        assertTrue(err.contains("cut.cap ends within a record: it was cut short, or still grows\n"), err);
        List<String> frames = frames(found);
        assertEquals(39, frames.size());
        for (int i = 0; i < 39; i++) {
            assertTrue(frames.get(i).endsWith(String.format("%08x", i)), frames.get(i));
        }
    }

    @Test
    void shouldFindInAFileThatIsBeingWritten() {
        HandlerTrial trial = begin("a", 0, 1, 100);
        try {
            VethPair.await(() -> find(folder, OWN, "--count") == 0 && out.equals("100\n"));
            assertEquals("", err);
        } finally {
            trial.stop();
        }
        assertEquals(0, find(folder, OWN, "--count"));
        assertEquals("100\n", out);
    }

    @Test
    void shouldNotUseAnIndexThatIsDamagedOrOfAnotherFile() throws IOException {
        Path a = record("a", 0, 1, 100);
        Path index = folder.resolve(a.getFileName() + ".index");
        byte[] damaged = Files.readAllBytes(index);
        damaged[40] ^= 1;
        Files.write(index, damaged);
        assertEquals(0, find(folder, OWN, "--count"));
        assertEquals("100\n", out);
        assertTrue(err.contains(a + ": its index is not used: a check sum at 8 is wrong"), err);
        Path b = record("b", 1_000, 1, 50);
        Files.copy(
                folder.resolve(b.getFileName() + ".index"), index, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals(0, find(folder, OWN, "--count"));
        assertEquals("150\n", out);
        assertTrue(err.contains(a + ": its index is not used: it is of a file of " + Files.size(b) + " bytes"), err);
    }

    @Test
    void shouldSayWhatNoIndexCanAnswer() {
        record("a", 0, 1, 100);
        assertEquals(0, find(folder, "len = 60", "--count"));
        assertEquals("100\n", out);
        assertEquals("ringtap: no index can answer this expression: 1 file is read whole\n", err);
        assertEquals(0, find(folder, "", "--count"));
        assertEquals("100\n", out);
        assertEquals("", err);
    }

    @Test
    void shouldGoOnBehindAFileThatCannotBeRead() throws IOException {
        Path a = record("a", 0, 1, 10);
        Files.writeString(folder.resolve("none.pcap"), "this is none");
        VethPair.run(
                "zstd", "-q", a.toString(), "-o", folder.resolve("x.pcapng.zst").toString());
        assertEquals(1, find(folder, OWN, "--count"));
        assertEquals("20\n", out);
        assertTrue(err.contains("none.pcap: it is no pcap or pcapng file\n"), err);
    }

    @Test
    void shouldSayWhatIsWrongWithWhatIsGiven() {
        record("a", 0, 1, 10);
        assertEquals(2, find(folder, "host and"));
        assertTrue(err.contains("bad filter \"host and\""), err);
        assertEquals(2, find(folder, "host example.org"));
        assertTrue(err.contains("host name \"example.org\" is not looked up"), err);
        assertEquals(2, find(folder));
        assertEquals(2, find(folder, OWN, "--from", "noon"));
        assertTrue(err.contains("--from: \"noon\" is no time"), err);
        assertEquals(2, find(folder, OWN, "--count", "--list"));
        assertEquals(1, find(folder.resolve("nothing"), OWN));
        assertTrue(err.contains("nothing: there is no such file or folder"), err);
    }
}
