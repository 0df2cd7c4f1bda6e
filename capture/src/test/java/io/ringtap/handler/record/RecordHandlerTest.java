package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.SNAPLEN;
import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.facts;
import static io.ringtap.handler.record.RecordTrial.frame;
import static io.ringtap.handler.record.RecordTrial.frames;
import static io.ringtap.handler.record.RecordTrial.stripZone;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.Tshark;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordHandlerTest {
    @TempDir
    private Path temporary;

    private RecordTrial recorder;

    @BeforeEach
    void nameFolder() {
        recorder = RecordTrial.in(temporary.resolve("new").resolve("folder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldWriteWhatTsharkReadsBack(String format) {
        List<Frame> frames = new ArrayList<>();
        for (int length = 14; length < 1_600; length++) {
            frames.add(frame(length, START_NANOS + length * 1_001L));
        }
        byte[] cut = new byte[100];
        cut[12] = (byte) 0x88;
        frames.add(Frame.of(cut, 9_014, START_NANOS + 2_000_000_001L, "uplink"));
        HandlerTrial trial = recorder.start("format", format).batch(frames);
        trial.stop();
        assertEquals(frames.size(), trial.delivered());
        assertEquals(
                List.of("w-uplink-20231114T221320.123470-000001." + format),
                stripZone(recorder.folder().wholeNames()));
        assertEquals(List.of((long) frames.size()), recorder.folder().counts());
        List<FrameRecord> read = Tshark.read(recorder.folder().whole().getFirst());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(FrameRecord.of(frames.get(i)), read.get(i));
        }
    }

    @Test
    void shouldDescribeTheInterfaceAndItsFilter() {
        TestContext live = recorder.context()
                .capturing(new CaptureFacts("uplink", "ens192", SNAPLEN, "udp port 53", 1, () -> null), 1);
        // a null for counts would throw at the file's end: there is none before the stop
        HandlerTrial trial =
                recorder.startIn(live.capturing(facts("udp port 53"), 1)).batch(frames(3, 60));
        trial.stop();
        String said =
                VethPair.run("capinfos", recorder.folder().whole().getFirst().toString());
        for (String part : List.of(
                "Name = ens192",
                "Capture length = 2000",
                "Time precision = nanoseconds (9)",
                "Filter string = udp port 53",
                "Number of stat entries = 1",
                "Capture application: ringtap",
                "Capture oper-sys:    Linux ")) {
            assertTrue(said.contains(part), () -> part + " is missing: " + said);
        }
    }

    @Test
    void shouldTellInEachFileTheFilterThatTheCaptureHasAsItBegins() {
        AtomicReference<String> filter = new AtomicReference<>("udp");
        CaptureFacts facts = facts("");
        CaptureFacts changing = new CaptureFacts(
                        "uplink", "ens192", SNAPLEN, filter::get, 1, facts.tunnelPorts(), facts.counts())
                .passing("port 53");
        HandlerTrial trial = recorder.startIn(recorder.context().capturing(changing, 1), "file-frames", 2)
                .batch(frames(2, 60));
        filter.set("tcp");
        trial.batch(frames(2, 60));
        trial.stop();
        assertEquals(
                List.of("Filter string = (udp) and (port 53)", "Filter string = (tcp) and (port 53)"),
                recorder.folder().whole().stream()
                        .map(file -> VethPair.run("capinfos", file.toString())
                                .lines()
                                .filter(line -> line.contains("Filter string"))
                                .findFirst()
                                .orElse("none")
                                .trim())
                        .toList());
    }

    @Test
    void shouldEndEachFileWithTheCountsOfTheCapture() throws Exception {
        HandlerTrial trial = recorder.startIn(recorder.context().capturing(facts(""), 1), "file-frames", 2)
                .batch(frames(4, 60));
        trial.stop();
        for (Path file : recorder.folder().whole()) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
            int block = bytes.limit() - bytes.getInt(bytes.limit() - 4);
            assertEquals(5, bytes.getInt(block), "an interface statistics block");
            assertEquals(
                    List.of("4 8 1000000007", "5 8 6000000008", "6 8 1000000007", "7 8 6000000005", "8 8 90"),
                    options(bytes, block + 20));
        }
        assertEquals(2, recorder.folder().whole().size());
    }

    private static List<String> options(ByteBuffer bytes, int start) {
        List<String> options = new ArrayList<>();
        for (int at = start; bytes.getShort(at) != 0; at += 12) {
            options.add(bytes.getShort(at) + " " + bytes.getShort(at + 2) + " " + bytes.getLong(at + 4));
        }
        return options;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldBeginANewFileAfterSoManyFrames(String format) {
        HandlerTrial trial =
                recorder.start("format", format, "file-frames", 1_000).batch(frames(3_500, 100));
        trial.stop();
        assertEquals(List.of(1_000L, 1_000L, 1_000L, 500L), recorder.folder().counts());
        assertEquals(
                List.of(
                        "w-uplink-20231114T221320.123456-000001." + format,
                        "w-uplink-20231114T221321.123456-000002." + format,
                        "w-uplink-20231114T221322.123456-000003." + format,
                        "w-uplink-20231114T221323.123456-000004." + format),
                stripZone(recorder.folder().wholeNames()));
        assertEquals(4, recorder.context().value("written", "files"));
        assertEquals(3_500, recorder.context().value("written", "frames"));
        assertEquals(List.of(), recorder.folder().parts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldKeepFilesToTheirSize(String format) throws Exception {
        HandlerTrial trial =
                recorder.start("format", format, "file-size", 65_536).batch(frames(3_000, 61));
        trial.stop();
        int record = format.equals("pcap") ? 77 : 96;
        List<Long> counts = recorder.folder().counts();
        assertEquals(3_000, counts.stream().mapToLong(n -> n).sum());
        for (int i = 0; i < counts.size(); i++) {
            long size = Files.size(recorder.folder().whole().get(i));
            assertTrue(size <= 65_536, size + " bytes");
            assertTrue(size > 65_536 - record || i == counts.size() - 1, size + " bytes: one more would have fit");
        }
    }

    /** What was in that memory before, of another frame perhaps, is nobody's to read. */
    @Test
    void shouldPadWithZeros() {
        FileFormat format = new PcapngFormat(facts(""));
        ByteBuffer used = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());
        Arrays.fill(used.array(), (byte) -1);
        format.put(frame(61, START_NANOS), 61, used, 0);
        assertEquals(96, format.recordBytesAt(used, 0));
        int padding = PcapngFormat.PACKET_HEADER + 61;
        assertArrayEquals(new byte[3], Arrays.copyOfRange(used.array(), padding, padding + 3));
    }

    @Test
    void shouldBeginANewFileAfterSoMuchTimeOfTheFrames() {
        HandlerTrial trial = recorder.start("file-time", Duration.ofSeconds(1)).batch(frames(2_500, 60));
        trial.stop();
        assertEquals(List.of(1_000L, 1_000L, 500L), recorder.folder().counts());
    }

    @Test
    void shouldEndAFileOnASilentLinkASecondAfterItsTime() {
        HandlerTrial trial = recorder.start("file-time", Duration.ofSeconds(2)).batch(frames(5, 60));
        trial.idle(Duration.ofMillis(2_900));
        trial.batch(frames(1, 60));
        trial.idle(Duration.ofMillis(100));
        VethPair.await(() -> recorder.folder().whole().size() == 1);
        assertEquals(List.of(6L), recorder.folder().counts());
        trial.batch(frames(7, 60)).idle(Duration.ofSeconds(10));
        VethPair.await(() -> recorder.folder().whole().size() == 2);
        trial.idle(Duration.ofSeconds(10)).stop();
        assertEquals(List.of(6L, 7L), recorder.folder().counts());
    }

    /** Frames begin at 22:13:20.123: the first file is shorter. */
    @Test
    void shouldEndFilesWhereTheClockShowsAMultipleOfTheirTimeIfTheyAreAligned() {
        recorder.start("file-time", Duration.ofSeconds(1), "file-align", true)
                .batch(frames(2_500, 60))
                .stop();
        assertEquals(List.of(877L, 1_000L, 623L), recorder.folder().counts());
        assertEquals(
                List.of("T221320.123456Z", "T221321.000456Z", "T221322.000456Z"),
                recorder.folder().wholeNames().stream()
                        .map(name -> name.replaceAll(".*(T[0-9.]+Z).*", "$1"))
                        .toList());
    }

    @Test
    void shouldEndAnAlignedFileOnASilentLinkASecondAfterItsTime() {
        HandlerTrial trial = recorder.start("file-time", Duration.ofSeconds(2), "file-align", true)
                .batch(frames(5, 60));
        trial.idle(Duration.ofMillis(2_800));
        trial.batch(frames(1, 60));
        trial.idle(Duration.ofMillis(100)).batch(frames(7, 60)).stop();
        assertEquals(List.of(6L, 7L), recorder.folder().counts());
    }

    /** A frame that is a little late belongs to the file that is being written; one of a clock that was put back does not. */
    @Test
    void shouldEndAFileOfWhichTheClockIsPutBackByMoreThanItsTime() {
        long second = 1_000_000_000;
        for (boolean align : new boolean[] {false, true}) {
            recorder.start("file-time", Duration.ofSeconds(2), "file-align", align, "prefix", "a" + align)
                    .frames(
                            frame(60, START_NANOS),
                            frame(60, START_NANOS - second),
                            frame(60, START_NANOS - 3_600 * second),
                            frame(60, START_NANOS - 3_600 * second + 1))
                    .stop();
        }
        assertEquals(List.of(2L, 2L, 2L, 2L), recorder.folder().counts());
    }

    @Test
    void shouldRecordNothingIntoNoFile() {
        HandlerTrial trial = recorder.start("file-time", Duration.ofSeconds(1)).idle(Duration.ofSeconds(5));
        assertEquals(1, recorder.folder().parts().size(), "prepared");
        trial.stop();
        assertEquals(List.of(), recorder.folder().whole());
        assertEquals(List.of(), recorder.folder().parts());
    }

    @Test
    void shouldHaveTheFramesOfAQuietLinkInTheFileSoon() throws Exception {
        HandlerTrial trial = recorder.start();
        long empty = Files.size(recorder.folder().parts().getFirst());
        trial.batch(frames(1, 60));
        VethPair.await(() -> recorder.folder().parts().getFirst().toFile().length() == empty + 92);
        trial.stop();
    }

    /** Chunk after chunk, so that the writer is behind, and the thread waits. */
    @Test
    void shouldTakeMoreThanItsMemoryHolds() {
        HandlerTrial trial = recorder.start("buffer", 1 << 20, "file-size", 0, "sync", false);
        List<Frame> frames = Collections.nCopies(10_000, frame(1_514, START_NANOS));
        for (int i = 0; i < 10; i++) {
            trial.batch(frames);
        }
        trial.stop();
        assertEquals(100_000, trial.delivered());
        assertEquals(List.of(100_000L), recorder.folder().counts());
    }
}
