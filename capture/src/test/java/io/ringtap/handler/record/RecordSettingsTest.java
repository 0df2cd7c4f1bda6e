package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.FileMode;
import io.ringtap.testkit.TestSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordSettingsTest {
    private static List<String> problems(Object... keysAndValues) {
        TestSettings settings = TestSettings.of(keysAndValues);
        RecordSettings.read(settings);
        return settings.problems();
    }

    private static FileMode mode(String letters) {
        return new FileMode(PosixFilePermissions.fromString(letters));
    }

    @Test
    void shouldHaveADefaultForEveryKey() {
        assertEquals(
                new RecordSettings(
                        Path.of("/var/lib/ringtap"),
                        "",
                        FileFormat.Kind.PCAPNG,
                        1L << 30,
                        Duration.ZERO,
                        false,
                        0,
                        0,
                        0,
                        16L << 20,
                        mode("rw-r-----"),
                        true,
                        Compression.NONE,
                        1,
                        1,
                        new KeptBytes(KeptBytes.WHOLE, 0),
                        false),
                RecordSettings.read(TestSettings.of()));
    }

    @Test
    void shouldTakeEveryKey() {
        TestSettings settings = TestSettings.of(
                "folder",
                "/data",
                "prefix",
                "lab",
                "format",
                "pcap",
                "file-size",
                1 << 20,
                "file-time",
                Duration.ofMinutes(1),
                "file-align",
                true,
                "file-frames",
                7,
                "keep-files",
                8,
                "keep-bytes",
                1 << 24,
                "buffer",
                1 << 22,
                "mode",
                "0664",
                "sync",
                false,
                "compress",
                "zstd",
                "compress-level",
                3,
                "compress-threads",
                4,
                "slice",
                "headers",
                "flow-bytes",
                1 << 20,
                "index",
                true);
        assertEquals(
                new RecordSettings(
                        Path.of("/data"),
                        "lab",
                        FileFormat.Kind.PCAP,
                        1 << 20,
                        Duration.ofMinutes(1),
                        true,
                        7,
                        8,
                        1 << 24,
                        1 << 22,
                        mode("rw-rw-r--"),
                        false,
                        Compression.ZSTD,
                        3,
                        4,
                        new KeptBytes(KeptBytes.HEADERS, 1 << 20),
                        true),
                RecordSettings.read(settings));
        assertEquals(
                List.of("index: is for files that are not compressed: leave compress out, or index"),
                settings.problems());
    }

    @Test
    void shouldSayWhatIsWrongWithEachKey() {
        assertEquals(
                List.of(
                        "folder: must not be empty",
                        "format: must be \"pcapng\" or \"pcap\", not erf",
                        "buffer: must be from 1048576 to 1073741824 bytes, not 1048575",
                        "prefix: must be made of letters, digits, \"_\", \"-\" and \".\", and begin with neither of the last two",
                        "file-size: must be at least 64 KiB, or 0 for no limit, not 65535 bytes",
                        "file-time: must be at least 1 s, or 0 s for no limit"),
                problems(
                        "folder",
                        " ",
                        "format",
                        "erf",
                        "prefix",
                        "../x",
                        "file-size",
                        65_535,
                        "file-time",
                        Duration.ofMillis(999),
                        "buffer",
                        (1 << 20) - 1));
    }

    @Test
    void shouldWantRoomForThreeFilesInTheBytesToKeep() {
        assertEquals(List.of(), problems("keep-bytes", 3L << 30));
        assertEquals(
                List.of("keep-bytes: must be at least three times the file-size (1073741824 bytes), or 0 for no limit"),
                problems("keep-bytes", (3L << 30) - 1));
        assertEquals(
                List.of("keep-bytes: needs a file-size: what is being written counts too"),
                problems("keep-bytes", 1 << 20, "file-size", 0));
    }

    @Test
    void shouldWantATimeToAlignFilesTo() {
        assertEquals(
                List.of("file-align: needs a file-time, of which files end at the multiples"),
                problems("file-align", true));
        assertEquals(List.of(), problems("file-align", true, "file-time", Duration.ofHours(1)));
    }
}
