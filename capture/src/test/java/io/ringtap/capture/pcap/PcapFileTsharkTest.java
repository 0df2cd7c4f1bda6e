package io.ringtap.capture.pcap;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.Tshark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PcapFileTsharkTest {
    @TempDir
    Path folder;

    static Set<String> intact() {
        return SampleFiles.intact().keySet();
    }

    static Set<String> cutShort() {
        return SampleFiles.cutShort().keySet();
    }

    @ParameterizedTest
    @MethodSource("intact")
    void shouldReadWhatTsharkReads(String name) throws Exception {
        Path file = write(name, SampleFiles.intact());
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals("", source.failure());
            assertSame(Tshark.read(file), sink.frames, source);
        }
    }

    @ParameterizedTest
    @MethodSource("cutShort")
    void shouldReadTheWholeFramesOfAFileCutShortAsTsharkDoes(String name) throws Exception {
        Path file = write(name, SampleFiles.cutShort());
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(2, sink.frames.size());
            assertTrue(
                    source.failure().startsWith("capture file " + file + " is cut short after frame 2: truncated "),
                    source.failure());
            assertSame(Tshark.read(file), sink.frames, source);
        }
    }

    private Path write(String name, Map<String, byte[]> files) throws IOException {
        return Files.write(folder.resolve(name), files.get(name));
    }

    private static void assertSame(List<FrameRecord> expected, List<FrameRecord> actual, PcapFileSource source) {
        assertEquals(bytesByEtherType(expected), bytesByEtherType(actual));
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "frame " + (i + 1));
        }
        assertEquals(expected.size(), actual.size());
        assertEquals(expected.size(), source.counts().received());
    }

    private static Map<Integer, Long> bytesByEtherType(List<FrameRecord> frames) {
        return frames.stream()
                .collect(groupingBy(FrameRecord::etherType, TreeMap::new, summingLong(FrameRecord::originalBytes)));
    }
}
