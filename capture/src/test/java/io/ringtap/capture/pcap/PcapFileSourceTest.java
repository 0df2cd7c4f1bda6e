package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.CaptureSource.SourceCounts;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.FrameSink;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapFileSourceTest {
    private static final int KINDS = 12;

    private static final FrameSink EATER = new FrameSink() {
        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            return true;
        }

        @Override
        public void flush() {}
    };

    @TempDir
    Path folder;

    @Test
    void shouldGiveTheBytesLengthsAndTimesThatWereWritten() throws Exception {
        byte[] whole = SampleFrames.vlan();
        byte[] cut = FrameBytes.cut(SampleFrames.jumbo(), 100);
        Path file = write(new PcapWriter(ByteOrder.BIG_ENDIAN, true)
                .frame(1_000_000_007L, whole)
                .frame(2_000_000_009L, cut, 9_018)
                .bytes());
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(2, source.poll(sink, 100));
        }
        assertEquals(
                List.of(
                        new FrameRecord(1_000_000_007L, 118, 118, 0x0800, hex(whole)),
                        new FrameRecord(2_000_000_009L, 100, 9_018, 0x0800, hex(cut))),
                sink.frames);
    }

    @Test
    void shouldReadAtMostTheLimitAndSayTheEndOnlyAfterTheLastFrame() throws Exception {
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(allKinds()))) {
            assertEquals(5, source.poll(sink, 5));
            assertEquals(7, source.poll(sink, 100));
            assertEquals(CaptureSource.END, source.poll(sink, 100));
            assertEquals(CaptureSource.END, source.poll(sink, 100));
            assertEquals(new SourceCounts(KINDS, 0, 0), source.counts());
        }
        assertEquals(KINDS, sink.frames.size());
    }

    @Test
    void shouldKeepAndNotCountAFrameThatTheSinkRefused() throws Exception {
        CollectingSink full = new CollectingSink(3);
        CollectingSink roomy = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(allKinds()))) {
            assertEquals(3, source.poll(full, 100));
            assertEquals(CaptureSource.REFUSED, source.poll(full, 100));
            assertEquals(3, source.counts().received());
            assertEquals(KINDS - 3, source.poll(roomy, 100));
            assertEquals(KINDS, source.counts().received());
        }
        assertEquals(hex(SampleFrames.all().get(3)), roomy.frames.getFirst().hex());
    }

    @Test
    void shouldAllocateNothingForAFrame() throws Exception {
        PcapWriter frames = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < 200_000; i++) {
            frames.frame(i, SampleFrames.arp());
        }
        CaptureConfig config = FileConfig.of(write(frames.bytes()), new FramePace.Rate(1e12), 65_535, "arp");
        try (PcapFileSource source = PcapFileSource.open(config)) {
            assertEquals(100_000, take(source, 100_000));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertEquals(100_000, take(source, 100_000));
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 100_000, allocated + " bytes for 100,000 frames");
        }
    }

    private static int take(PcapFileSource source, int count) {
        int taken = 0;
        while (taken < count) {
            taken += source.poll(EATER, Math.min(256, count - taken));
        }
        return taken;
    }

    @Test
    void shouldKeepItsCountsWhenClosedTwice() throws Exception {
        PcapFileSource source = PcapFileSource.open(
                FileConfig.of(allKinds(), new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "ip"));
        CollectingSink sink = new CollectingSink();
        sink.drain(source);
        source.close();
        source.close();
        assertEquals(4, source.counts().received());
        assertEquals("", source.failure());
    }

    @Test
    void shouldNotTouchFreedMemoryWhenPolledAfterClose() throws Exception {
        PcapFileSource source = PcapFileSource.open(FileConfig.of(allKinds()));
        source.close();
        assertThrows(IllegalStateException.class, () -> source.poll(new CollectingSink(), 1));
    }

    @Test
    void shouldTakeOnlyWhatTheFilterTakesAndCountOnlyThat() throws Exception {
        CollectingSink sink = new CollectingSink();
        CaptureConfig config = FileConfig.of(
                allKinds(), new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "vlan and tcp port 443");
        try (PcapFileSource source = PcapFileSource.open(config)) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(1, source.counts().received());
        }
        assertEquals(hex(SampleFrames.vlan()), sink.frames.getFirst().hex());
    }

    @Test
    void shouldReadNoMoreThanTheLimitWhileTheFilterRejectsAll() throws Exception {
        CaptureConfig config =
                FileConfig.of(allKinds(), new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "tcp port 1");
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(config)) {
            assertEquals(0, source.poll(sink, KINDS - 1));
            assertEquals(0, source.poll(sink, 1));
            assertEquals(CaptureSource.END, source.poll(sink, 1));
        }
    }

    @Test
    void shouldCutFramesAtTheSnaplenAndKeepTheirOriginalLength() throws Exception {
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source =
                PcapFileSource.open(FileConfig.of(allKinds(), new FramePace.Max(), 64, "greater 100"))) {
            sink.drain(source);
        }
        assertEquals(9, sink.frames.size());
        assertTrue(sink.frames.stream().allMatch(frame -> frame.capturedBytes() == 64), sink.frames::toString);
        assertEquals(65_549, sink.frames.getLast().originalBytes());
    }

    @Test
    void shouldTakeOfAFrameWhatItHadOnItsLinkAsTcpdumpAndTcpreplayDo() throws Exception {
        byte[] frame = SampleFrames.arp();
        CollectingSink sink = new CollectingSink();
        Path file = write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(0, frame, 50)
                .frame(0, frame, 0xffff_ffff)
                .frame(0, frame, 0)
                .bytes());
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            sink.drain(source);
        }
        assertEquals(
                List.of(50, 60, 60),
                sink.frames.stream().map(FrameRecord::capturedBytes).toList());
        assertEquals(
                List.of(50, Integer.MAX_VALUE, 60),
                sink.frames.stream().map(FrameRecord::originalBytes).toList(),
                "no length is no length");
    }

    @Test
    void shouldFilterByTheLengthThatAFrameHadOnItsLink() throws Exception {
        CollectingSink sink = new CollectingSink();
        Path file = write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true, 0x2400_0001, PcapWriter.SNAPLEN)
                .frame(0, new byte[64])
                .frame(0, new byte[65])
                .bytes());
        try (PcapFileSource source =
                PcapFileSource.open(FileConfig.of(file, new FramePace.Max(), 65_535, "greater 61"))) {
            sink.drain(source);
        }
        assertEquals(
                List.of(61),
                sink.frames.stream().map(FrameRecord::capturedBytes).toList());
    }

    @Test
    void shouldNotOverflowOnTimesThatCannotBe() throws Exception {
        CollectingSink sink = new CollectingSink();
        Path file = write(new PcapngWriter(ByteOrder.LITTLE_ENDIAN)
                .ethernet(0)
                .enhanced(0, Long.MAX_VALUE, SampleFrames.arp())
                .enhanced(0, Long.MIN_VALUE, SampleFrames.arp())
                .bytes());
        try (PcapFileSource source = PcapFileSource.open(FileConfig.paced(file, new FramePace.Original()))) {
            assertEquals(2, source.poll(sink, 10));
        }
        assertEquals(Long.MAX_VALUE, sink.frames.get(0).timestampNanos());
        assertEquals(Long.MIN_VALUE, sink.frames.get(1).timestampNanos());
    }

    @Test
    void shouldFailWithLibpcapsTextAtARecordThatCannotBe() throws Exception {
        Path file = write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(0, SampleFrames.arp())
                .frame(0, SampleFrames.arp())
                .record(0, 0, 100_000_000, 100_000_000)
                .frame(0, SampleFrames.arp())
                .bytes());
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(CaptureSource.FAILED, sink.drain(source));
            assertEquals(CaptureSource.FAILED, source.poll(sink, 1));
            assertEquals(
                    "capture file " + file
                            + " cannot be read on after frame 2: invalid packet capture length 100000000,"
                            + " bigger than snaplen of 262144; the frames before it were read, those behind it not",
                    source.failure());
        }
        assertEquals(2, sink.frames.size());
    }

    @Test
    void shouldFailAtAnInterfaceOfAnotherLinkType() throws Exception {
        Path file = write(new PcapngWriter(ByteOrder.LITTLE_ENDIAN)
                .ethernet(PcapngWriter.NANOSECONDS)
                .enhanced(0, 0, SampleFrames.arp())
                .describe(PcapWriter.RAW_IP, PcapWriter.SNAPLEN, PcapngWriter.NANOSECONDS, 0)
                .enhanced(0, 0, SampleFrames.arp())
                .bytes());
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(CaptureSource.FAILED, sink.drain(source));
            assertTrue(source.failure().contains("after frame 1: an interface has a type 101"), source.failure());
        }
        assertEquals(1, sink.frames.size());
    }

    @Test
    void shouldSayExactlyWhereAFileIsCutShort() throws Exception {
        byte[] last = SampleFrames.ipv4Udp();
        Path file = write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, false)
                .frame(0, SampleFrames.arp())
                .frame(0, last)
                .cutBy(2));
        CollectingSink sink = new CollectingSink();
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(file))) {
            assertEquals(CaptureSource.END, sink.drain(source));
            assertEquals(
                    "capture file " + file + " is cut short after frame 1: truncated dump file; tried to read 142"
                            + " captured bytes, only got 140; all whole frames were read",
                    source.failure());
        }
        assertEquals(1, sink.frames.size());
    }

    private Path allKinds() throws IOException {
        return write(SampleFiles.intact().get("ns-le.pcapng"));
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("test.cap"), bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
