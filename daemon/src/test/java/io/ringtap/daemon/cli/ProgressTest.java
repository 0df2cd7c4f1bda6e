package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void shouldTellHowMuchOfAFileIsReadAndHowLongTheRestTakes() throws IOException {
        Path file = Files.write(folder.resolve("trace.pcapng"), new byte[4 * MEBIBYTE]);
        FileReading reading = new FileReading(file::equals, nanos::get);
        assertEquals("", reading.line());
        try (FileChannel channel = FileChannel.open(file)) {
            nanos.addAndGet(10_000_000_000L);
            assertEquals("", reading.line()); // of nothing that is read there is nothing to tell
            channel.position(MEBIBYTE);
            assertEquals("reading trace.pcapng: 25 %, 30 s left", reading.line());
            try (FileChannel behind = FileChannel.open(file)) {
                behind.position(1);
                assertEquals("reading trace.pcapng: 25 %, 30 s left", reading.line());
            }
            channel.position(4 * MEBIBYTE);
            assertEquals("", reading.line());
        }
    }

    @Test
    void shouldTellOfSeveralFilesTogetherAndOfNoneThatIsWrittenOrSmall() throws IOException {
        Path first = Files.write(folder.resolve("1.pcap"), new byte[MEBIBYTE]);
        Path second = Files.write(folder.resolve("2.pcap"), new byte[3 * MEBIBYTE]);
        Path small = Files.write(folder.resolve("3.pcap"), new byte[MEBIBYTE - 1]);
        FileReading reading = new FileReading(file -> file.startsWith(folder), nanos::get);
        nanos.addAndGet(3_000_000_000L);
        try (FileChannel one = FileChannel.open(first);
                FileChannel two = FileChannel.open(second);
                FileChannel three = FileChannel.open(small);
                FileChannel written = FileChannel.open(folder.resolve("1.pcap"), StandardOpenOption.WRITE)) {
            written.position(MEBIBYTE);
            three.position(MEBIBYTE / 2);
            assertEquals("", reading.line());
            one.position(MEBIBYTE / 2);
            two.position(MEBIBYTE / 2);
            assertEquals("reading 2 files: 25 %, 9 s left", reading.line());
        }
    }

    @Test
    void shouldRewriteItsLineAndTakeItAway() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        AtomicInteger looks = new AtomicInteger();
        List<String> lines = List.of("", "one", "two");
        ProgressLine line = new ProgressLine(
                () -> lines.get(Math.min(looks.getAndIncrement(), 2)),
                Duration.ZERO,
                new PrintStream(written, true, StandardCharsets.UTF_8));
        line.start();
        VethPair.await(() -> written.toString(StandardCharsets.UTF_8).endsWith("two"));
        line.close();
        line.close();
        String text = written.toString(StandardCharsets.UTF_8).replace("\r\033[K", "|");
        assertTrue(text.startsWith("|one|two"), text);
        assertTrue(text.endsWith("two|"), text);
    }

    @Test
    void shouldSayNothingOfWhatIsDoneBefore() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ProgressLine line = new ProgressLine(() -> "late", Duration.ofDays(1), new PrintStream(written));
        line.start();
        line.close();
        assertEquals(0, written.size());
    }
}
