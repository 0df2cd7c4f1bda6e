package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.handler.record.index.IndexQuery;
import io.ringtap.handler.record.index.RecordingIndex;
import io.ringtap.handler.record.index.RecordingIndex.Block;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveIndexTest {
    @TempDir
    private Path path;

    private RecordTrial recorder;

    @BeforeEach
    void nameFolder() {
        recorder = RecordTrial.in(path);
    }

    private List<String> names(String end) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private List<Path> recordings(String format) throws IOException {
        return names("." + format).stream().map(path::resolve).toList();
    }

    /** The frames that the index of a whole file answers for; nothing of the file is left out. */
    static long indexed(Path file) throws IOException {
        try (RecordingIndex index =
                RecordingIndex.of(file, Files.size(file)).orElseThrow(() -> new AssertionError("none: " + file))) {
            assertTrue(index.isWhole());
            List<Block> blocks = index.blocks(new IndexQuery.Any(), Long.MIN_VALUE, Long.MAX_VALUE);
            long next = index.begin();
            for (Block block : blocks) {
                assertEquals(next, block.offset());
                next += block.bytes();
            }
            assertTrue(Files.size(file) - next <= 92, "what is behind is no frame"); // a pcapng's statistics
            return blocks.stream().mapToLong(Block::frames).sum();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldHaveNameAndModeOfItsFile(String format) throws Exception {
        HandlerTrial trial = recorder.start("format", format, "index", true, "file-frames", 1_000, "mode", "0604");
        RecordTrial.frames(2_500, 700).forEach(trial::frames);
        trial.stop();
        assertEquals(3, recordings(format).size());
        assertEquals(names("." + format).stream().map(name -> name + ".index").toList(), names(".index"));
        long frames = 0;
        for (Path file : recordings(format)) {
            frames += indexed(file);
            assertEquals(
                    "rw----r--",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(RecordingIndex.beside(file))));
        }
        assertEquals(2_500, frames);
        assertEquals(List.of(), names(".part"));
    }

    @Test
    void shouldNotBeThereUnlessItIsAskedFor() throws Exception {
        HandlerTrial trial = recorder.start();
        RecordTrial.frames(10, 100).forEach(trial::frames);
        assertEquals(1, names(".part").size());
        trial.stop();
        assertEquals(1, names("").size() - names(".lock").size());
    }

    @Test
    void shouldGoWithItsFile() throws Exception {
        HandlerTrial trial = recorder.start("index", true, "file-frames", 100, "keep-files", 3);
        RecordTrial.frames(1_000, 100).forEach(trial::frames);
        trial.stop();
        assertEquals(3, recordings("pcapng").size());
        assertEquals(names(".pcapng").stream().map(name -> name + ".index").toList(), names(".index"));
    }

    @Test
    void shouldCountInTheBytesThatAreKept() throws Exception {
        long most = 1 << 20;
        HandlerTrial trial = recorder.start("index", true, "file-size", 64 << 10, "keep-bytes", most);
        for (Frame frame : RecordTrial.frames(60_000, 60)) {
            trial.frames(frame);
        }
        trial.stop();
        long bytes = 0;
        for (Path file : recordings("pcapng")) {
            bytes += Files.size(file) + Files.size(RecordingIndex.beside(file));
        }
        assertTrue(bytes <= most, "kept: " + bytes);
        assertTrue(bytes > most / 2, "kept: " + bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcapng", "pcap"})
    void shouldBeMadeAnewForWhatAKilledProcessLeft(String format) throws Exception {
        HandlerTrial trial = recorder.start("format", format, "index", true);
        RecordTrial.frames(3_000, 700).forEach(trial::frames);
        trial.stop();
        Path file = recordings(format).getFirst();
        byte[] whole = Files.readAllBytes(file);
        byte[] index = Files.readAllBytes(RecordingIndex.beside(file));
        Files.delete(file);
        Path left = path.resolve(".w-uplink-000001." + format + ".part");
        Files.write(left, whole);
        Files.write(RecordingIndex.beside(left), new byte[] {1, 2, 3}); // whatever it had come to
        Path alone = path.resolve(".w-uplink-000009." + format + ".index.part");
        Files.write(alone, index);
        recorder.start("format", format, "index", true).stop();
        assertEquals(names("." + format).stream().map(name -> name + ".index").toList(), names(".index"));
        assertArrayEquals(whole, Files.readAllBytes(recordings(format).getFirst()));
        assertEquals(3_000, indexed(recordings(format).getFirst()));
        assertEquals(List.of(), names(".part"));
    }

    @Test
    void shouldNotBeLeftWhereNoneIsWanted() throws Exception {
        HandlerTrial trial = recorder.start();
        RecordTrial.frames(10, 100).forEach(trial::frames);
        trial.stop();
        Path left = path.resolve(".w-uplink-000001.pcapng.part");
        Files.move(recordings("pcapng").getFirst(), left);
        Files.write(RecordingIndex.beside(left), new byte[100]);
        recorder.start().stop();
        assertEquals(1, recordings("pcapng").size());
        assertEquals(List.of(), names(".index"));
        assertEquals(List.of(), names(".part"));
    }

    @Test
    void shouldGoWithAFileThatWasRemovedWhileItWasWritten() throws Exception {
        HandlerTrial trial = recorder.start("index", true);
        RecordTrial.frames(10, 100).forEach(trial::frames);
        VethPair.await(() -> recorder.context().value("written", "frames") == 10);
        for (Path part : recorder.folder().parts()) {
            if (!part.toString().endsWith(".index.part") && Files.size(part) > 1_000) {
                Files.delete(part);
            }
        }
        trial.stop();
        assertEquals(List.of(), names(".index"));
        assertEquals(List.of(), names(".part"));
        assertEquals(10, recorder.context().value("lost", "frames"));
    }

    /** A folder is in the way of the next file's index. */
    @Test
    void shouldNotHoldUpTheRecordingWhereItCannotBeWritten() throws Exception {
        for (int number = 3; number < 20; number++) { // before the start, which removes what was left
            Files.createDirectories(path.resolve(String.format(".w-uplink-%06d.pcapng.index.part/x", number)));
        }
        HandlerTrial trial = recorder.start("index", true, "file-frames", 10);
        RecordTrial.frames(100, 100).forEach(trial::frames);
        trial.stop();
        assertEquals(10, recordings("pcapng").size());
        assertEquals(100, recorder.context().value("written", "frames"));
        assertTrue(names(".index").size() < 10);
    }
}
