package io.ringtap.daemon.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.pcap.PcapFileFrames;
import io.ringtap.capturefile.SampleFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read as libpcap reads them. */
class FrameScanTest {
    @TempDir
    private Path folder;

    private static String text(long nanos, int original, byte[] bytes) {
        return nanos + " " + original + " " + HexFormat.of().formatHex(bytes);
    }

    private static List<String> scanned(InputStream file) throws IOException {
        FrameScan scan = new FrameScan();
        scan.enter(Channels.newChannel(file), Long.MAX_VALUE);
        List<String> frames = new ArrayList<>();
        while (scan.next()) {
            byte[] bytes = new byte[scan.captured()];
            scan.bytes().get(scan.at(), bytes);
            frames.add(text(scan.nanos(), scan.original(), bytes));
        }
        return frames;
    }

    private List<String> byLibpcap(byte[] file) throws Exception {
        List<String> frames = new ArrayList<>();
        Path path = Files.write(folder.resolve("file"), file);
        PcapFileFrames.forEach(path, "file", frame -> {
            byte[] bytes = new byte[frame.length()];
            frame.copyTo(0, bytes, 0, bytes.length);
            frames.add(text(frame.timestampNanos(), frame.originalLength(), bytes));
        });
        return frames;
    }

    @Test
    void shouldReadWhatLibpcapReads() throws Exception {
        for (Map.Entry<String, byte[]> file : SampleFiles.intact().entrySet()) {
            assertEquals(byLibpcap(file.getValue()), scanned(new ByteArrayInputStream(file.getValue())), file.getKey());
        }
    }

    /** However little comes at a time. */
    @Test
    void shouldReadTheSameInAnyPieces() throws Exception {
        for (Map.Entry<String, byte[]> file : SampleFiles.intact().entrySet()) {
            Random random = new Random(1);
            InputStream pieces = new ByteArrayInputStream(file.getValue()) {
                @Override
                public synchronized int read(byte[] target, int offset, int length) {
                    return super.read(target, offset, Math.min(length, 1 + random.nextInt(20)));
                }
            };
            assertEquals(scanned(new ByteArrayInputStream(file.getValue())), scanned(pieces), file.getKey());
        }
    }

    @Test
    void shouldEndOrSaySoWhateverIsInAFile() throws Exception {
        Random random = new Random(2);
        int refused = 0;
        for (byte[] file : SampleFiles.intact().values()) {
            for (int round = 0; round < 60; round++) {
                byte[] damaged = file.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                try {
                    scanned(new ByteArrayInputStream(damaged, 0, random.nextInt(damaged.length) + 1));
                } catch (IOException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void shouldRefuseWhatIsNoCaptureFile() {
        for (String text : List.of("", "abc", "a line of text\n")) {
            assertThrows(
                    IOException.class,
                    () -> scanned(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                            .size());
        }
    }
}
