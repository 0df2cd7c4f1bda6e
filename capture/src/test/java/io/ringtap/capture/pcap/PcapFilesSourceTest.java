package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.ledger.FileProgress;
import io.ringtap.testnet.FarSender;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapFilesSourceTest {
    @TempDir
    private Path folder;

    private final CollectingSink sink = new CollectingSink();

    private static PcapWriter frames(long... times) {
        PcapWriter writer = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (long time : times) {
            writer.frame(time, FarSender.udp(60 + (int) (time % 3) * 50));
        }
        return writer;
    }

    private void write(String name, long... times) throws IOException {
        Files.write(folder.resolve(name), frames(times).bytes());
    }

    private CaptureSource open(Path path) throws OpenException {
        return PcapFilesSource.open(FileConfig.of(path));
    }

    private List<Long> times() {
        return sink.frames.stream().map(FrameRecord::timestampNanos).toList();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void shouldReadAFolderInTheOrderOfItsFramesTimes() throws Exception {
        write("c.pcap", 1, 2, 3); // by their names the last come first
        write("b.pcapng", 4, 7, 10); // which overlaps the next
        write("a.cap", 5, 6, 8, 9, 11);
        write("d.pcap");
        write(".live.pcap", 12);
        write("notes.txt", 13);
        Files.createDirectory(folder.resolve("more.pcap"));
        try (CaptureSource source = open(folder)) {
            assertEquals(3, source.progress().orElseThrow().files());
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(upTo(11), times());
            assertEquals(11, source.counts().received());
            assertEquals("", source.failure());
            FileProgress progress = source.progress().orElseThrow();
            assertEquals(0, progress.filesLeft());
            assertEquals(progress.bytes(), progress.readBytes());
        }
    }

    @Test
    void shouldReadTheFilesOfAPattern() throws Exception {
        write("recorder-2.pcap", 3, 4);
        write("recorder-1.pcap", 1, 2);
        write("other.pcap", 5);
        try (CaptureSource source = open(folder.resolve("recorder-*.pcap"))) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(upTo(4), times());
        }
    }

    @Test
    void shouldSayHowFarItIs() throws Exception {
        write("1.pcap", 1, 2);
        write("2.pcap", 4, 5);
        try (CaptureSource source = open(folder)) {
            assertEquals(0, source.progress().orElseThrow().readBytes());
            assertEquals(2, source.poll(sink, 2));
            FileProgress half = source.progress().orElseThrow();
            assertEquals(1, half.filesLeft());
            assertEquals(Files.size(folder.resolve("1.pcap")), half.readBytes());
            assertEquals(Files.size(folder.resolve("1.pcap")) + Files.size(folder.resolve("2.pcap")), half.bytes());
            assertTrue(half.secondsLeft().getAsDouble() >= 0);
        }
    }

    @Test
    void shouldFilterEachOfThem() throws Exception {
        write("1.pcap", 1, 2, 3, 4, 5, 6, 7, 8, 9);
        write("2.pcap", 10, 11, 12);
        CaptureConfig config =
                FileConfig.of(folder, new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "greater 150");
        try (CaptureSource source = PcapFilesSource.open(config)) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(List.of(2L, 5L, 8L, 11L), times());
        }
    }

    @Test
    void shouldGoOnBehindAFileThatIsCutShort() throws Exception {
        Files.write(folder.resolve("1.pcap"), frames(1, 2, 3).cutBy(10));
        write("2.pcap", 4, 5);
        try (CaptureSource source = open(folder)) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(List.of(1L, 2L, 4L, 5L), times());
            assertTrue(source.failure()
                    .startsWith("capture file " + folder.resolve("1.pcap") + " is cut short after frame 2"));
        }
    }

    @Test
    void shouldKeepWhatTheSinkRefuses() throws Exception {
        write("1.pcap", 1, 3);
        write("2.pcap", 2, 4);
        CollectingSink small = new CollectingSink(3);
        try (CaptureSource source = open(folder)) {
            assertEquals(3, source.poll(small, 10));
            assertEquals(CaptureSource.REFUSED, source.poll(small, 10));
            assertEquals(3, source.counts().received());
            assertEquals(1, source.poll(sink, 10));
            assertEquals(List.of(4L), times());
        }
    }

    @Test
    void shouldSayThatThereIsNoneOrThatOneCannotBeRead() throws Exception {
        assertEquals(
                "no capture file is there: " + folder
                        + ": name a file, a folder of .pcap, .pcapng or .cap files, or a pattern such as"
                        + " \"/var/lib/ringtap/recorder-*.pcapng\"",
                assertThrows(OpenException.class, () -> open(folder)).getMessage());
        write("1.pcap", 1);
        Files.writeString(folder.resolve("2.pcap"), "no capture file, whatever it is called");
        String refused = assertThrows(OpenException.class, () -> open(folder)).getMessage();
        assertTrue(refused.startsWith("cannot read capture file " + folder.resolve("2.pcap")), refused);
    }
}
