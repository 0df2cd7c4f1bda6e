package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.zstd.ZstdFrame;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were left behind and then damaged, or put there by somebody else. */
class LeftoverFuzzTest {
    private static final int LEAST_RECORD_BYTES = 16;
    private static final Path FILE = temporaryFile();

    @MethodSource("files")
    @FuzzTest(maxDuration = "1m")
    void shouldFindAnEndWithinTheFileThatHolds(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        for (String extension : List.of("pcapng", "pcap", "pcapng.zst", "pcap.zst")) {
            try (FileChannel channel = FileChannel.open(FILE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                WholeRecords whole = WholeRecords.of(channel, extension);
                assertTrue(whole.end() >= 0 && whole.end() <= channel.size(), () -> "ends at " + whole.end());
                boolean compressed = extension.endsWith(".zst");
                assertTrue(
                        compressed || whole.frames() * LEAST_RECORD_BYTES <= whole.end(),
                        () -> whole.frames() + " frames");
                channel.truncate(whole.end());
                WholeRecords cut = WholeRecords.of(channel, extension);
                assertEquals(whole.end(), cut.end());
                assertEquals(whole.frames(), cut.frames());
                assertEquals(whole.firstNanos(), cut.firstNanos());
            }
            Files.write(FILE, bytes);
        }
    }

    static Stream<byte[]> files() {
        PcapWriter pcap = new PcapWriter(ByteOrder.nativeOrder(), true);
        PcapngWriter pcapng = new PcapngWriter(ByteOrder.nativeOrder()).ethernet(PcapngWriter.NANOSECONDS);
        for (int i = 0; i < 3; i++) {
            pcap.frame(i, SampleFrames.arp());
            pcapng.enhanced(0, i, SampleFrames.arp());
        }
        return Stream.of(pcap.bytes(), pcap.cutBy(7), pcapng.bytes(), pcapng.cutBy(7))
                .flatMap(bytes -> Stream.of(bytes, compressed(bytes)));
    }

    private static byte[] compressed(byte[] bytes) {
        byte[] start = ZstdFrame.header();
        byte[] block = ZstdFrame.rawBlock(bytes, false);
        byte[] both = Arrays.copyOf(start, start.length + block.length);
        System.arraycopy(block, 0, both, start.length, block.length);
        return both;
    }

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("ringtap-fuzz", ".part");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
