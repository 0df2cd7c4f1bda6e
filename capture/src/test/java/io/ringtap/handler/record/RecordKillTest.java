package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.testnet.VethPair;
import io.ringtap.zstd.ZstdReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file that can be seen is whole, whenever the process is killed; and what the killed one left is recovered. */
@Tag("slow")
class RecordKillTest {
    private static final int LAST_FRAMES = 100;
    private static final int PACKET = 6;
    private static final int FRAME_OFFSET = 28;

    @TempDir
    private Path path;

    private final Map<Integer, Set<Long>> framesOfRuns = new TreeMap<>();
    private final Map<Integer, Integer> filesOfRuns = new HashMap<>();
    private final Set<Path> read = new HashSet<>();

    private Process start(String compress, int run, long frames) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRecorder.class.getName(),
                        path.toString(),
                        Integer.toString(run),
                        Long.toString(frames),
                        compress)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals("recording", process.inputReader().readLine());
        return process;
    }

    /** It takes as long as so many JVMs take to start. */
    @ParameterizedTest
    @CsvSource({"none, 50", "zstd, 50"})
    void shouldShowOnlyWholeFilesWheneverItIsKilled(String compress, int kills) throws Exception {
        RecordedFolder folder = new RecordedFolder(path);
        Random random = new Random(1);
        for (int run = 0; run < kills; run++) {
            Process process = start(compress, run, Long.MAX_VALUE);
            if (run % 2 == 0) { // however busy the machine is, it is killed between two rotations
                awaitTwoFiles(folder, run);
            }
            Thread.sleep(random.nextInt(20));
            process.destroyForcibly();
            process.waitFor();
            readNew(folder);
        }
        Process last = start(compress, kills, LAST_FRAMES);
        assertEquals(0, last.waitFor());
        readNew(folder);
        assertEquals(List.of(), folder.parts());
        int frames = 0;
        for (Set<Long> run : framesOfRuns.values()) {
            frames += run.size();
            for (long sequence = 0; sequence < run.size(); sequence++) {
                assertTrue(run.contains(sequence), "a frame is missing before others of its run");
            }
        }
        assertEquals(LAST_FRAMES, framesOfRuns.get(kills).size());
        assertTrue(framesOfRuns.size() > kills / 2, () -> "every second run, and the last: " + framesOfRuns.keySet());
        List<Long> counts = folder.capinfosCounts();
        assertEquals(frames, counts.stream().mapToLong(n -> n).sum());
        assertTrue(counts.size() > kills, () -> counts.size() + " files: they did not rotate while killed");
    }

    /** Of its own: it also gives names to what the run before has left. */
    private void awaitTwoFiles(RecordedFolder folder, int run) {
        VethPair.await(() -> {
            try {
                readNew(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return filesOfRuns.getOrDefault(run, 0) >= 2;
        });
    }

    private void readNew(RecordedFolder folder) throws IOException {
        for (Path file : folder.whole()) {
            if (read.add(file)) {
                read(file);
            }
        }
    }

    private static byte[] content(Path file) throws IOException {
        if (!file.toString().endsWith(".zst")) {
            return Files.readAllBytes(file);
        }
        try (ZstdReader reader = ZstdReader.open(file);
                InputStream in = Channels.newInputStream(reader)) {
            byte[] bytes = in.readAllBytes();
            assertFalse(reader.isCutShort(), () -> file + " has no end");
            return bytes;
        }
    }

    /** Every block, strictly: nothing may be cut, and no frame be there twice. */
    private void read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content(file)).order(ByteOrder.nativeOrder());
        Set<Integer> runs = new HashSet<>();
        int frames = 0;
        for (int block = 0; block < bytes.limit(); block += bytes.getInt(block + 4)) {
            int length = bytes.getInt(block + 4);
            assertTrue(block + length <= bytes.limit(), () -> file + " is cut short");
            assertEquals(length, bytes.getInt(block + length - 4), file::toString);
            if (bytes.getInt(block) == PACKET) {
                ByteBuffer frame = bytes.slice(block + FRAME_OFFSET, length - FRAME_OFFSET);
                frames++;
                int run = frame.getInt(KilledRecorder.RUN_OFFSET);
                runs.add(run);
                Set<Long> sequences = framesOfRuns.computeIfAbsent(run, _ -> new HashSet<>());
                assertTrue(sequences.add(frame.getLong(KilledRecorder.SEQUENCE_OFFSET)), () -> "twice, in " + file);
            }
        }
        if (!file.toString().endsWith(".zst")) {
            assertEquals(frames, LiveIndexTest.indexed(file), () -> "by the index of " + file);
        }
        runs.forEach(run -> filesOfRuns.merge(run, 1, Integer::sum));
    }
}
