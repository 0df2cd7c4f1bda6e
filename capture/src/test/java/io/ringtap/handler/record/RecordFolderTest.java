package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.facts;
import static io.ringtap.handler.record.RecordTrial.frames;
import static io.ringtap.handler.record.RecordTrial.stripZone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Whose files a handler's are, what they are called, and which of them it removes. */
@Timeout(60)
class RecordFolderTest {
    private final TestContext context = new TestContext("uplink", "w", 0);

    @TempDir
    private Path temporary;

    private Path path;
    private RecordedFolder folder;

    @BeforeEach
    void nameFolder() {
        path = temporary.resolve("new").resolve("folder");
        folder = new RecordedFolder(path);
    }

    private HandlerTrial start(TestContext where, Object... keysAndValues) {
        return RecordTrial.start(path, where, keysAndValues);
    }

    private HandlerTrial start(Object... keysAndValues) {
        return start(context, keysAndValues);
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void shouldComplainOfADiskThatFailsForEveryFileTenTimesAMinute() throws Exception {
        Path inTheWay = path.resolve("w-uplink-20200101T000000.000000Z-000001.pcapng"); // not to be removed: not empty
        Files.createDirectories(inTheWay.resolve("folder"));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            start("file-frames", 1, "keep-files", 1).batch(frames(50, 60)).close();
        } finally {
            System.setErr(before);
        }
        List<String> complaints = log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("record: cannot remove old files from " + path))
                .toList();
        assertEquals(10, complaints.size(), complaints.toString());
    }

    @Test
    void shouldKeepTheNewestFiles() {
        HandlerTrial trial = start("file-frames", 10, "keep-files", 3).batch(frames(95, 60));
        trial.stop();
        assertEquals(List.of(10L, 10L, 5L), folder.counts());
        assertTrue(folder.wholeNames().getFirst().endsWith("-000008.pcapng"), folder::toString);
        assertEquals(7, context.value("removed", "files"));
        assertEquals(10, context.value("written", "files"));
    }

    @Test
    void shouldNeverTakeMoreThanTheBytesToKeep() throws Exception {
        long most = 5 * 65_536;
        HandlerTrial trial = start("file-size", 65_536, "keep-bytes", most);
        for (int i = 0; i < 40; i++) {
            trial.batch(frames(30, 1_000));
            assertTrue(bytes() <= most, () -> bytes() + " bytes");
        }
        trial.stop();
        assertTrue(bytes() <= most, () -> bytes() + " bytes");
        assertTrue(folder.whole().size() >= 3, () -> "one is written, and one prepared: " + folder.whole());
        assertTrue(context.value("removed", "files") > 10);
    }

    private long bytes() {
        return Stream.concat(folder.whole().stream(), folder.parts().stream())
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    @Test
    void shouldRemoveNoFileButItsOwn() throws Exception {
        Files.createDirectories(path);
        List<String> others = List.of(
                "w-uplink.pcapng",
                "w-uplink-20200101T000000.000000Z-000001.txt",
                "v-uplink-20200101T000000.000000Z-000001.pcapng",
                "w-uplink2-20200101T000000.000000Z-000001.pcapng");
        for (String other : others) {
            Files.createFile(path.resolve(other));
        }
        HandlerTrial trial = start("file-frames", 1, "keep-files", 1).batch(frames(20, 60));
        trial.stop();
        assertTrue(
                folder.wholeNames().containsAll(others),
                () -> folder.wholeNames().toString());
        assertEquals(others.size() + 1, folder.whole().size());
    }

    @Test
    void shouldGoOnWithTheNumbersOfAnEarlierRun() {
        start("file-frames", 1).batch(frames(3, 60)).stop();
        start("file-frames", 1).batch(frames(2, 60)).stop();
        assertEquals(
                List.of("000001", "000002", "000003", "000004", "000005"),
                folder.wholeNames().stream()
                        .map(name -> name.replaceAll(".*-(\\d+)\\.pcapng", "$1"))
                        .sorted()
                        .toList());
    }

    @Test
    void shouldGiveEachThreadFilesOfItsOwn() {
        TestContext second = new TestContext("uplink", "w", 1).capturing(facts(""), 2);
        HandlerTrial one = start(context.capturing(facts(""), 2), "prefix", "mine");
        HandlerTrial two = start(second, "prefix", "mine");
        one.batch(frames(3, 60)).stop();
        two.batch(frames(4, 60)).stop();
        assertEquals(
                List.of(
                        "mine-uplink-20231114T221320.123456-000001-t0.pcapng",
                        "mine-uplink-20231114T221320.123456-000001-t1.pcapng"),
                stripZone(folder.wholeNames()));
        assertEquals(List.of(3L, 4L), folder.counts());
    }

    @Test
    void shouldRefuseAFolderThatIsNone() throws Exception {
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        Throwable refused =
                assertThrows(IllegalStateException.class, this::start).getCause();
        assertEquals(
                "cannot record to " + path + ": a file is in the way; set folder to one where ringtap's user may write"
                        + " (under systemd, below /var/lib/ringtap)",
                refused.getMessage());
    }

    @Test
    void shouldRefuseNamesThatAnotherHandlerUses() {
        HandlerTrial first = start();
        Throwable refused =
                assertThrows(IllegalStateException.class, this::start).getCause();
        assertTrue(refused.getMessage().contains("another handler or daemon records there"), refused::toString);
        first.batch(frames(2, 60)).stop();
        start().stop();
        assertEquals(List.of(2L), folder.counts());
    }
}
