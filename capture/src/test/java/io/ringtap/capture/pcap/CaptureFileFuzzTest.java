package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.SampleFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Capture files as an attacker would write them. */
class CaptureFileFuzzTest {
    private static final int LONGEST_SEED = 4_096;

    /** A record of either format takes more than this beside its frame. */
    private static final int LEAST_RECORD_BYTES = 16;

    /** What opening and reading may allocate on the heap; frames stay in libpcap's memory. */
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;

    private static final Path FILE = temporaryFile();

    /** What is loaded and linked at the first file is none of its doing. */
    @BeforeAll
    static void loadAll() throws Exception {
        Files.write(FILE, SampleFiles.cutShort().values().iterator().next());
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(FILE))) {
            new Totals().drain(source);
        }
    }

    @MethodSource("files")
    @FuzzTest(maxDuration = "1m")
    void shouldTakeNoMoreThanTheFileHoldsAndSayWhereItEnds(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Totals totals = new Totals();
        int end;
        String failure;
        try (PcapFileSource source = PcapFileSource.open(FileConfig.of(FILE))) {
            end = totals.drain(source);
            failure = source.failure();
            assertEquals(totals.frames, source.counts().received());
        } catch (OpenException e) {
            assertEquals(OpenException.Reason.BAD_FILE, e.reason(), e.getMessage());
            assertTrue(e.getMessage().startsWith("cannot read capture file " + FILE + ": "), e.getMessage());
            return;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < MOST_ALLOCATED_BYTES, () -> allocated + " bytes on the heap");
        assertTrue(totals.frames * LEAST_RECORD_BYTES + totals.bytes <= bytes.length, totals::toString);
        checkEnd(end, failure);
        ClassicRecords.in(bytes).ifPresent(records -> records.check(totals.frames, failure));
    }

    private static void checkEnd(int end, String failure) {
        assertTrue(end == CaptureSource.END || end == CaptureSource.FAILED, () -> "ended by " + end);
        assertFalse(end == CaptureSource.FAILED && failure.isEmpty(), "failed, and does not say why");
        String start = "capture file " + FILE + (end == CaptureSource.END ? " is cut short" : " cannot be read on");
        assertTrue(failure.isEmpty() || failure.startsWith(start), failure);
    }

    static Stream<byte[]> files() {
        return Stream.of(SampleFiles.intact(), SampleFiles.cutShort())
                .flatMap(files -> files.values().stream())
                .filter(file -> file.length <= LONGEST_SEED);
    }

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("ringtap-fuzz", ".cap");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Adds up, and reads each frame's first and last byte: they must be there. */
    private static final class Totals implements FrameSink {
        private long frames;
        private long bytes;
        private int touched;

        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            assertTrue(capturedBytes >= 0 && originalBytes >= capturedBytes, () -> capturedBytes + " captured");
            if (capturedBytes > 0) {
                MemorySegment frame = MemorySegment.ofAddress(address).reinterpret(capturedBytes);
                touched += frame.get(ValueLayout.JAVA_BYTE, 0) + frame.get(ValueLayout.JAVA_BYTE, capturedBytes - 1);
            }
            frames++;
            bytes += capturedBytes;
            return true;
        }

        @Override
        public void flush() {}

        int drain(CaptureSource source) {
            int polled = source.poll(this, 7);
            while (polled >= 0) {
                polled = source.poll(this, 7);
            }
            return polled;
        }

        @Override
        public String toString() {
            return frames + " frames of " + bytes + " bytes (" + touched + ")";
        }
    }
}
