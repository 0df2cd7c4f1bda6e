package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.testclock.StandingClock;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapFilePaceTest {
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path folder;

    private final StandingClock clock = new StandingClock();
    private final CollectingSink sink = new CollectingSink();

    private PcapFileSource open(Path file, FramePace pace) throws OpenException {
        return PcapFileSource.open(file, pace, CaptureConfig.MAX_SNAPLEN_BYTES, "", clock::nanoTime, clock::park);
    }

    @Test
    void shouldTakeTheTimeThatTheTimestampsSay() throws Exception {
        try (PcapFileSource source = open(frames(10, 20 * MILLISECOND), new FramePace.Original())) {
            assertEquals(1, source.poll(sink, 100), "the first frame comes at once");
            for (int frame = 2; frame <= 10; frame++) {
                assertEquals(0, source.poll(sink, 100), "the next is not due, and poll does not wait");
                clock.pass(20 * MILLISECOND - 1);
                assertEquals(0, source.poll(sink, 100), "nor yet");
                clock.pass(1);
                assertEquals(1, source.poll(sink, 100));
                assertEquals(frame, source.counts().received());
            }
            assertEquals(CaptureSource.END, source.poll(sink, 100));
            assertEquals(0, clock.sleeps());
        }
    }

    @Test
    void shouldWaitForAFrameUntilItIsDue() throws Exception {
        try (PcapFileSource source = open(frames(10, 20 * MILLISECOND), new FramePace.Original())) {
            run(source, sink);
            assertEquals(10, sink.frames.size());
            assertEquals(9, clock.sleeps());
            assertEquals(180 * MILLISECOND, clock.slept());
        }
    }

    @Test
    void shouldKeepARate() throws Exception {
        try (PcapFileSource source = open(frames(1_001, 0), new FramePace.Rate(5_000))) {
            run(source, sink);
            assertEquals(1_001, sink.frames.size());
            assertEquals(200 * MILLISECOND, clock.slept());
        }
    }

    @Test
    void shouldCatchUpWithWhatIsOverdue() throws Exception {
        try (PcapFileSource source = open(frames(1_001, 0), new FramePace.Rate(5_000))) {
            assertEquals(1, source.poll(sink, 2_000));
            clock.pass(100 * MILLISECOND);
            assertEquals(500, source.poll(sink, 2_000));
        }
    }

    @Test
    void shouldKeepToTheSystemsClock() throws Exception {
        Path file = frames(11, 10 * MILLISECOND);
        long start = System.nanoTime();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Original()))) {
            run(source, sink);
        }
        assertTrue(System.nanoTime() - start >= 100 * MILLISECOND, "however slow the machine is");
        assertEquals(11, sink.frames.size());
    }

    @Test
    void shouldNotCountAFrameWhoseTimeHasNotCome() throws Exception {
        try (PcapFileSource source = open(frames(2, 3_600_000 * MILLISECOND), new FramePace.Original())) {
            assertEquals(1, source.poll(sink, 100));
            assertEquals(0, source.poll(sink, 100));
            assertEquals(1, source.counts().received());
        }
    }

    @Test
    void shouldHoldNoFrameUpForOneWithATimeFarAhead() throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        byte[] last = SampleFrames.jumbo();
        file.frame(0, SampleFrames.arp())
                .frame(65_536_000 * MILLISECOND, SampleFrames.vlan())
                .frame(0, SampleFrames.ipv4Udp())
                .frame(MILLISECOND, last);
        try (PcapFileSource source =
                open(Files.write(folder.resolve("far.pcap"), file.bytes()), new FramePace.Original())) {
            assertEquals(3, source.poll(sink, 100));
            clock.pass(MILLISECOND);
            assertEquals(1, source.poll(sink, 100));
            assertEquals(CaptureSource.END, source.poll(sink, 100));
        }
        assertEquals(65_536_000 * MILLISECOND, sink.frames.get(1).timestampNanos(), "its time is what the file says");
        for (byte[] frame : List.of(SampleFrames.arp(), SampleFrames.vlan(), SampleFrames.ipv4Udp(), last)) {
            assertEquals(
                    HexFormat.of().formatHex(frame), sink.frames.removeFirst().hex());
        }
    }

    @Test
    void shouldSayWhereAFileIsCutShortAlsoIfItWasLookedAheadThatFar() throws Exception {
        byte[] bytes = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(0, SampleFrames.arp())
                .frame(3_600_000 * MILLISECOND, SampleFrames.arp())
                .frame(3_600_000 * MILLISECOND, SampleFrames.arp())
                .frame(3_600_000 * MILLISECOND, SampleFrames.arp())
                .cutBy(1);
        try (PcapFileSource source = open(Files.write(folder.resolve("cut.pcap"), bytes), new FramePace.Original())) {
            assertEquals(1, source.poll(sink, 100));
            clock.pass(3_600_000 * MILLISECOND);
            assertEquals(2, source.poll(sink, 100));
            assertEquals(CaptureSource.END, source.poll(sink, 100));
            assertTrue(source.failure().contains("is cut short after frame 3"), source.failure());
        }
    }

    @Test
    void shouldPauseNoLongerThanItMay() throws Exception {
        FramePace pace = new FramePace.Original(Optional.of(Duration.ofMillis(5)));
        try (PcapFileSource source = open(frames(3, 3_600_000 * MILLISECOND), pace)) {
            run(source, sink);
            assertEquals(3, sink.frames.size());
            assertEquals(10 * MILLISECOND, clock.slept());
        }
    }

    @Test
    void shouldWaitOutAGapOnlyAsLongAsItIsTold() throws Exception {
        try (PcapFileSource source = open(frames(2, 3_600_000 * MILLISECOND), new FramePace.Original())) {
            assertEquals(1, source.poll(sink, 100));
            assertEquals(0, source.poll(sink, 100));
            source.await(Duration.ofMillis(50));
            assertEquals(1, clock.sleeps());
            assertEquals(50 * MILLISECOND, clock.slept());
        }
    }

    @Test
    void shouldNotWaitWhileFramesMayBeThere() throws Exception {
        try (PcapFileSource source = open(frames(2, 3_600_000 * MILLISECOND), new FramePace.Max())) {
            source.await(Duration.ofSeconds(30));
            assertEquals(0, clock.sleeps());
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
