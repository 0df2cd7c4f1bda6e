package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.FileMode;
import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {
    private static final long NANOS = 1_700_000_000_000_000_000L;

    @TempDir
    private Path path;

    private RecordTrial recorder;
    private RecordedFolder folder;

    @BeforeEach
    void nameFolder() {
        recorder = RecordTrial.in(path);
        folder = recorder.folder();
    }

    private HandlerTrial start(String format) {
        return recorder.start("format", format);
    }

    /** A whole file of frames of 60, 61 and 62 bytes. */
    private byte[] sample(String format) throws Exception {
        HandlerTrial trial = start(format);
        for (int i = 0; i < 3; i++) {
            trial.frames(Frame.of(new byte[60 + i], 60 + i, NANOS + i, "uplink"));
        }
        trial.stop();
        Path file = folder.whole().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldFindTheLastWholeRecordWhereverAFileIsCut(String format) throws Exception {
        byte[] whole = sample(format);
        Path cut = path.resolve("cut");
        long lastEnd = 0;
        long lastFrames = 0;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            try (FileChannel channel = FileChannel.open(cut)) {
                WholeRecords records = WholeRecords.of(channel, format);
                assertTrue(records.end() == lastEnd || records.end() == length, "cut at " + length);
                assertTrue(records.frames() == lastFrames || records.frames() == lastFrames + 1, "cut at " + length);
                assertEquals(records.frames() == 0 ? 0 : NANOS, records.firstNanos());
                lastEnd = records.end();
                lastFrames = records.frames();
            }
        }
        assertEquals(whole.length, lastEnd);
        assertEquals(3, lastFrames);
    }

    /** What a file system may leave after a power cut. */
    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldNotTakeZerosOrRubbishForRecords(String format) throws Exception {
        byte[] whole = sample(format);
        for (byte filler : new byte[] {0, -1}) {
            byte[] longer = Arrays.copyOf(whole, whole.length + 5_000);
            Arrays.fill(longer, whole.length, longer.length, filler);
            Path file = Files.write(path.resolve("rubbish"), longer);
            try (FileChannel channel = FileChannel.open(file)) {
                WholeRecords records = WholeRecords.of(channel, format);
                // zeros are frames of no bytes at the beginning of 1970, as far as pcap goes
                boolean emptyFrames = format.equals("pcap") && filler == 0;
                assertEquals(emptyFrames ? whole.length + 4_992 : whole.length, records.end(), "filled with " + filler);
            }
        }
    }

    /** A block whose end is not on the disk, though the file is as long as if it were. */
    @Test
    void shouldNotTakeABlockThatDoesNotEndWithItsLength() throws Exception {
        byte[] whole = sample("pcapng");
        int last = ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder()).getInt(whole.length - 4);
        byte[] torn = whole.clone();
        Arrays.fill(torn, whole.length - 4, whole.length, (byte) 0);
        Path file = Files.write(path.resolve("torn"), torn);
        try (FileChannel channel = FileChannel.open(file)) {
            assertEquals(whole.length - last, WholeRecords.of(channel, "pcapng").end());
        }
    }

    /** A last record that claims more bytes than it has, or a time within its second that is none. */
    @ParameterizedTest
    @CsvSource({"pcapng, 184, 20, 65", "pcap, 78, 4, 1000000000"})
    void shouldNotTakeARecordThatCannotBe(String format, int fromEnd, int field, int value) throws Exception {
        byte[] whole = sample(format);
        int last = whole.length - fromEnd;
        ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder()).putInt(last + field, value);
        Path file = Files.write(path.resolve("damaged"), whole);
        try (FileChannel channel = FileChannel.open(file)) {
            WholeRecords records = WholeRecords.of(channel, format);
            assertEquals(2, records.frames());
            assertEquals(last, records.end());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldCutAndRenameWhatWasLeftBehind(String format) throws Exception {
        byte[] whole = sample(format);
        int behindFrames = format.equals("pcap") ? 0 : 88; // the statistics
        byte[] torn = Arrays.copyOf(whole, whole.length - behindFrames - 1);
        Files.write(path.resolve(".w-uplink-000041." + format + ".part"), torn);
        Files.write(path.resolve(".w-uplink-000042." + format + ".part"), Arrays.copyOf(whole, 20));
        HandlerTrial trial = start(format);
        VethPair.await(() -> !folder.whole().isEmpty());
        trial.frame(new byte[60]).stop();
        assertEquals(
                "w-uplink-20231114T221320.000000Z-000041." + format,
                folder.wholeNames().getFirst());
        assertTrue(
                folder.wholeNames().getLast().endsWith("-000043." + format),
                () -> folder.wholeNames().toString());
        assertEquals(List.of(2L, 1L), folder.counts());
        assertEquals(List.of(), folder.parts());
        assertEquals(1, recorder.context().value("recovered", "files"));
    }

    @Test
    void shouldNotTakeTheLiveFilesOfOthers() throws Exception {
        Path live = Files.write(path.resolve(".v-uplink-000001.pcapng.part"), sample("pcapng"));
        Path left = Files.copy(live, path.resolve(".u-uplink-000001-t3.pcapng.part"));
        RecordFolder there = new RecordFolder(path.toRealPath());
        RecordCounts counts = RecordCounts.of(recorder.context(), RecordSettings.read(recorder.settings()));
        KeptFiles kept = new KeptFiles(
                there,
                new Slot("w-uplink", ""),
                new KeepLimit(1, 0, 0),
                FileMode.read(HandlerSettings.none()),
                false,
                counts,
                new DiskComplaints(System::nanoTime));
        Leftovers leftovers = new Leftovers(there, kept, counts); // which keeps one file, of its own
        try (NameLock _ =
                NameLock.take(there.lockFiles(new Slot("v-uplink", ""))).orElseThrow()) {
            leftovers.recoverOthers(new Slot("w-uplink", ""));
            assertTrue(Files.exists(live));
        }
        assertTrue(Files.notExists(left));
        assertEquals(List.of("u-uplink-20231114T221320.000000Z-000001-t3.pcapng"), folder.wholeNames());
        leftovers.recoverOthers(new Slot("w-uplink", ""));
        assertTrue(Files.notExists(live));
        assertEquals(List.of(3L, 3L), folder.counts());
    }
}
