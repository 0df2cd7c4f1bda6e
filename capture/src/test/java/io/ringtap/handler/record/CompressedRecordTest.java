package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import io.ringtap.zstd.ZstdReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed files hold what plain ones do, and are as whole. */
class CompressedRecordTest {
    /** Interface statistics: their time, and all of them. */
    private static final int TRAILER_TIME = 12;

    private static final int TRAILER_BYTES = 88;

    @TempDir
    private Path path;

    private RecordTrial recorder;
    private RecordedFolder folder;

    @BeforeEach
    void nameFolder() {
        recorder = RecordTrial.in(path);
        folder = recorder.folder();
    }

    /** Frames of all lengths, half of whose bytes are zeros, or none. */
    private static List<Frame> frames(int count, boolean random) {
        Random bytes = new Random(count);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[60 + i * 7 % 1_455];
            byte[] half = new byte[random ? frame.length : frame.length / 2];
            bytes.nextBytes(half);
            System.arraycopy(half, 0, frame, 0, half.length);
            frame[12] = (byte) 0x88;
            frame[13] = (byte) 0xb5;
            frames.add(Frame.of(frame, frame.length, START_NANOS + i * 1_000_000L, "uplink"));
        }
        return frames;
    }

    private static byte[] unpacked(Path file) throws IOException {
        try (InputStream in = Channels.newInputStream(ZstdReader.open(file))) {
            return in.readAllBytes();
        }
    }

    private static byte[] unpackedByZstd(Path file) throws IOException {
        Path unpacked = Files.createTempFile("ringtap", ".pcapng");
        try {
            VethPair.run("zstd", "-q", "-d", "-f", file.toString(), "-o", unpacked.toString());
            return Files.readAllBytes(unpacked);
        } finally {
            Files.delete(unpacked);
        }
    }

    /** A file's bytes but for the time at which it ended. */
    private static byte[] timeless(byte[] bytes, String format) {
        byte[] timeless = bytes.clone();
        if (format.equals("pcapng")) {
            int time = bytes.length - TRAILER_BYTES + TRAILER_TIME;
            Arrays.fill(timeless, time, time + 8, (byte) 0);
        }
        return timeless;
    }

    @ParameterizedTest
    @CsvSource({"pcapng, 1, 1", "pcapng, 3, 1", "pcapng, 2, 9", "pcap, 2, 1"})
    void shouldHoldWhatPlainFilesHoldByteByByte(String format, int threads, int level) throws Exception {
        List<Frame> frames = frames(15_000, false);
        recorder.start("format", format, "file-frames", 6_000).batch(frames).stop();
        List<Path> plain = folder.whole();
        List<byte[]> expected = new ArrayList<>();
        for (Path file : plain) {
            expected.add(timeless(Files.readAllBytes(file), format));
            Files.delete(file);
        }
        assertEquals(3, plain.size());
        recorder.start(
                        "format",
                        format,
                        "file-frames",
                        6_000,
                        "compress",
                        "zstd",
                        "compress-threads",
                        threads,
                        "compress-level",
                        level)
                .batch(frames)
                .stop();
        assertEquals(List.of(6_000L, 6_000L, 3_000L), folder.capinfosCounts());
        long bytes = 0;
        for (int i = 0; i < 3; i++) {
            Path file = folder.whole().get(i);
            assertEquals(
                    plain.get(i).getFileName().toString().replace("-00000" + (i + 1), "-00000" + (i + 4)) + ".zst",
                    file.getFileName().toString());
            assertArrayEquals(expected.get(i), timeless(unpacked(file), format));
            assertArrayEquals(expected.get(i), timeless(unpackedByZstd(file), format));
            assertTrue(Files.size(file) < expected.get(i).length * 3L / 4, () -> file + " is hardly compressed");
            bytes += Files.size(file);
        }
        assertEquals(30_000, recorder.context().value("written", "frames"));
        long compressed = recorder.context().value("compressed", "bytes");
        assertTrue(compressed > bytes - 3_000 && compressed < bytes, compressed + " of " + bytes);
    }

    /** Files are far longer than Wireshark's buffers, in which it would not find where a second frame begins. */
    @Test
    void shouldBeReadByTsharkThoughNothingCanBeCompressed() throws Exception {
        recorder.start("compress", "zstd").batch(frames(20_000, true)).stop();
        Path file = folder.whole().getFirst();
        assertTrue(Files.size(file) > 10 << 20);
        assertEquals(List.of(20_000L), folder.capinfosCounts());
        String lengths = VethPair.run("tshark", "-n", "-r", file.toString(), "-T", "fields", "-e", "frame.len");
        assertEquals(
                20_000, lengths.lines().filter(line -> line.matches("\\d+")).count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepFilesToTheirSizeWhateverCanBeCompressed(boolean random) throws Exception {
        recorder.start("compress", "zstd", "file-size", 1 << 16)
                .batch(frames(2_000, random))
                .stop();
        for (Path file : folder.whole()) {
            assertTrue(Files.size(file) <= 1 << 16, () -> file + " is longer than file-size");
        }
        assertEquals(2_000, folder.capinfosCounts().stream().mapToLong(n -> n).sum());
    }

    /** Each frame is a block of its own, longer than it: the writer sees what the handler cannot know. */
    @Test
    void shouldKeepFilesToTheirSizeThoughEachFrameIsABlock() throws Exception {
        TestContext context = recorder.context();
        RecordSettings settings = RecordSettings.read(recorder.settings("compress", "zstd", "file-size", 1 << 16));
        RecordCounts counts = RecordCounts.of(context, settings);
        FileFormat format = settings.format().of(context.capture());
        Recording recording = Recording.open(settings, format, counts, context);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[100];
            new Random(i).nextBytes(bytes);
            Chunk chunk = recording.queue().exchange(null);
            format.put(Frame.of(bytes, 100, START_NANOS + i, "uplink"), 100, chunk.bytes, 0);
            chunk.filled = format.recordBytes(100);
            chunk.frames = 1;
            recording.queue().handOver(chunk);
        }
        recording.queue().close();
        recording.stop();
        assertEquals(2_000, folder.capinfosCounts().stream().mapToLong(n -> n).sum());
        assertTrue(folder.whole().size() >= 4, () -> folder.whole().size() + " files");
        for (Path file : folder.whole()) {
            assertTrue(Files.size(file) <= 1 << 16, () -> file + " is longer than file-size");
        }
    }

    /** Of plain files of that size, so many bytes hold three. */
    @Test
    void shouldCountCompressedBytesAmongThoseToKeep() throws Exception {
        for (int run = 0; run < 8; run++) {
            recorder.start("compress", "zstd", "file-size", 1 << 20, "keep-bytes", 3 << 20)
                    .batch(frames(800, false))
                    .stop();
        }
        long bytes = 0;
        for (Path file : folder.whole()) {
            bytes += Files.size(file);
        }
        assertTrue(bytes <= 3 << 20, bytes + " bytes");
        assertTrue(folder.whole().size() > 3, () -> folder.whole().size() + " files");
        assertTrue(recorder.context().value("removed", "files") > 0);
    }

    @Test
    void shouldHaveTheFramesOfAQuietLinkInTheFileSoon() throws Exception {
        HandlerTrial trial = recorder.start("compress", "zstd").batch(frames(3, false));
        VethPair.await(() -> recorder.context().value("written", "frames") == 3);
        Path live = folder.parts().stream()
                .filter(file -> file.toString().endsWith("-000001.pcapng.zst.part"))
                .findFirst()
                .orElseThrow();
        try (ZstdReader reader = ZstdReader.open(live);
                InputStream in = Channels.newInputStream(reader)) {
            assertEquals(3, packets(in.readAllBytes()));
            assertTrue(reader.isCutShort());
        }
        trial.stop();
    }

    private static int packets(byte[] bytes) {
        ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int packets = 0;
        for (int at = 0; at < bytes.length; at += blocks.getInt(at + 4)) {
            packets += blocks.getInt(at) == PcapngFormat.ENHANCED_PACKET ? 1 : 0;
        }
        return packets;
    }

    /** A whole file of three blocks of one frame each. */
    private Path sample(String format) throws Exception {
        HandlerTrial trial = recorder.start("format", format, "compress", "zstd");
        List<Frame> frames = frames(3, false);
        for (int i = 0; i < 3; i++) {
            trial.batch(List.of(frames.get(i)));
            long written = i + 1L;
            VethPair.await(() -> recorder.context().value("written", "frames") == written);
        }
        trial.stop();
        return folder.whole().getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldCutWhatWasLeftBehindToItsLastWholeBlockWhereverItEnds(String format) throws Exception {
        Path file = sample(format);
        byte[] whole = Files.readAllBytes(file);
        byte[] content = unpacked(file);
        Path cut = path.resolve("cut.zst");
        long lastFrames = 0;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                WholeRecords records = WholeRecords.of(channel, format + ".zst");
                assertTrue(records.end() <= length, "cut at " + length);
                assertTrue(records.frames() == lastFrames || records.frames() == lastFrames + 1, "cut at " + length);
                assertEquals(records.frames() == 0 ? 0 : START_NANOS, records.firstNanos());
                lastFrames = records.frames();
                if (records.frames() > 0) {
                    records.cut(channel);
                }
            }
            if (lastFrames > 0) {
                byte[] left = unpackedByZstd(cut);
                assertArrayEquals(Arrays.copyOf(content, left.length), left, "cut at " + length);
            }
        }
        assertEquals(3, lastFrames);
        assertArrayEquals(whole, Files.readAllBytes(cut));
    }

    /** What a file system may leave after a power cut. */
    @Test
    void shouldNotTakeZerosRubbishOrAnotherFilesBlocksForRecords() throws Exception {
        byte[] whole = Files.readAllBytes(sample("pcapng"));
        int live = whole.length - TRAILER_BYTES - 3;
        for (byte filler : new byte[] {0, -1, 8}) {
            byte[] longer = Arrays.copyOf(whole, live + 300_000);
            Arrays.fill(longer, live, longer.length, filler);
            Path file = Files.write(path.resolve("rubbish"), longer);
            try (FileChannel channel = FileChannel.open(file)) {
                WholeRecords records = WholeRecords.of(channel, "pcapng.zst");
                assertEquals(live, records.end(), "filled with " + filler);
                assertEquals(3, records.frames());
            }
        }
    }

    @Test
    void shouldFinishAtTheNextStartWhatWasLeftBehind() throws Exception {
        Path file = sample("pcapng");
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(
                path.resolve(".w-uplink-000041.pcapng.zst.part"),
                Arrays.copyOf(whole, whole.length - TRAILER_BYTES - 3 - 1));
        Files.write(path.resolve(".w-uplink-000042.pcapng.zst.part"), Arrays.copyOf(whole, 20));
        HandlerTrial trial = recorder.start(); // which compresses nothing itself
        VethPair.await(() -> !folder.whole().isEmpty());
        trial.frame(new byte[60]).stop();
        assertEquals(
                "w-uplink-20231114T221320.123456Z-000041.pcapng.zst",
                folder.wholeNames().getFirst());
        assertEquals(2, folder.whole().size());
        assertEquals(List.of(2L, 1L), folder.capinfosCounts());
        assertEquals(2, packets(unpackedByZstd(folder.whole().getFirst())));
        assertEquals(List.of(), folder.parts());
    }

    @Test
    void shouldEndItsThreadsWithItself() throws Exception {
        int before = threads();
        HandlerTrial trial =
                recorder.start("compress", "zstd", "compress-threads", 7).batch(frames(10, false));
        assertTrue(threads() >= before + 7);
        trial.idle(Duration.ofMillis(1));
        trial.stop();
        VethPair.await(() -> threads() <= before + 1); // of the JVM's own, one may have come
    }

    private static int threads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return (int) tasks.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldShowNoCountsOfWhatItDoesNotDo() {
        recorder.start().batch(frames(10, false)).stop();
        assertFalse(new TreeSet<>(recorder.context().table().keySet())
                .removeAll(List.of("compressed", "cut", "forgotten")));
    }
}
