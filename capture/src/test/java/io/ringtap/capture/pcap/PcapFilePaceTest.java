package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FramePace;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapFilePaceTest {
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void shouldTakeTheTimeThatTheTimestampsSay() throws Exception {
        Path file = frames(10, 20 * MILLISECOND);
        CollectingSink sink = new CollectingSink();
        long start = System.nanoTime();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Original()))) {
            assertEquals(1, source.poll(sink, 100), "the first frame comes at once");
            assertEquals(0, source.poll(sink, 100), "the second is not due, and poll does not wait");
            run(source, sink);
            assertEquals(10, source.counts().received());
        }
        long took = System.nanoTime() - start;
        assertEquals(10, sink.frames.size());
        assertTrue(took >= 180 * MILLISECOND && took < 2_000 * MILLISECOND, took + " ns");
    }

    @Test
    void shouldKeepARate() throws Exception {
        Path file = frames(1_001, 0);
        CollectingSink sink = new CollectingSink();
        long start = System.nanoTime();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Rate(5_000)))) {
            run(source, sink);
        }
        long took = System.nanoTime() - start;
        assertEquals(1_001, sink.frames.size());
        assertTrue(took >= 200 * MILLISECOND && took < 2_000 * MILLISECOND, took + " ns");
    }

    @Test
    void shouldNotCountAFrameWhoseTimeHasNotCome() throws Exception {
        Path file = frames(2, 3_600_000 * MILLISECOND);
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Original()))) {
            assertEquals(1, source.poll(sink, 100));
            assertEquals(0, source.poll(sink, 100));
            assertEquals(1, source.counts().received());
        }
    }

    @Test
    void shouldWaitOutAGapOnlyAsLongAsItIsTold() throws Exception {
        Path file = frames(2, 3_600_000 * MILLISECOND);
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Original()))) {
            assertEquals(1, source.poll(sink, 100));
            assertEquals(0, source.poll(sink, 100));
            long start = System.nanoTime();
            source.await(Duration.ofMillis(50));
            long waited = System.nanoTime() - start;
            assertTrue(waited > 0 && waited < 1_000 * MILLISECOND, waited + " ns");
        }
    }

    @Test
    void shouldNotWaitWhileFramesMayBeThere() throws Exception {
        Path file = frames(2, 3_600_000 * MILLISECOND);
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            long start = System.nanoTime();
            source.await(Duration.ofSeconds(30));
            assertTrue(System.nanoTime() - start < 1_000 * MILLISECOND);
        }
    }

    private static void run(PcapFileSource source, CollectingSink sink) {
        int polled = 0;
        while (polled >= 0) {
            polled = source.poll(sink, 64);
            if (polled == 0) {
                source.await(Duration.ofMillis(100));
            }
        }
        assertEquals(CaptureSource.END, polled);
    }

    private Path frames(int count, long distanceNanos) throws IOException {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < count; i++) {
            file.frame(1_700_000_000_000_000_000L + i * distanceNanos, SampleFrames.arp());
        }
        return Files.write(folder.resolve("paced.pcap"), file.bytes());
    }
}
