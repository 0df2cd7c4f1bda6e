package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.facts;
import static io.ringtap.handler.record.RecordTrial.frame;
import static io.ringtap.handler.record.RecordTrial.frames;
import static io.ringtap.handler.record.RecordTrial.stripZone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose files a handler's are, what they are called, and which of them it removes. */
class RecordFolderTest {
    @TempDir
    private Path temporary;

    private RecordTrial recorder;

    @BeforeEach
    void nameFolder() {
        recorder = RecordTrial.in(temporary.resolve("new").resolve("folder"));
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void shouldComplainOfADiskThatFailsForEveryFileTenTimesAMinute() throws Exception {
        Path inTheWay = recorder.path()
                .resolve("w-uplink-20200101T000000.000000Z-000001.pcapng"); // not to be removed: not empty
        Files.createDirectories(inTheWay.resolve("folder"));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            recorder.start("file-frames", 1, "keep-files", 1)
                    .batch(frames(50, 60))
                    .close();
        } finally {
            System.setErr(before);
        }
        List<String> complaints = log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("record: cannot remove old files from " + recorder.path()))
                .toList();
        assertEquals(10, complaints.size(), complaints.toString());
    }

    @Test
    void shouldKeepTheNewestFiles() {
        HandlerTrial trial = recorder.start("file-frames", 10, "keep-files", 3).batch(frames(95, 60));
        trial.stop();
        assertEquals(List.of(10L, 10L, 5L), recorder.folder().counts());
        assertTrue(recorder.folder().wholeNames().getFirst().endsWith("-000008.pcapng"), recorder.folder()::toString);
        assertEquals(7, recorder.context().value("removed", "files"));
        assertEquals(10, recorder.context().value("written", "files"));
    }

    /** Files of an earlier run that a clock put ahead, and frames that come stamped before them. */
    @ParameterizedTest
    @CsvSource({"keep-files, 3", "keep-bytes, 327680"})
    void shouldRemoveTheOldestThoughTheClockWasPutBack(String limit, long most) throws Exception {
        recorder.start("file-frames", 1_000).batch(frames(900, 60)).stop();
        recorder.start("file-frames", 1_000).batch(frames(900, 60)).stop();
        recorder.start("file-frames", 1_000).batch(frames(900, 60)).stop();
        for (Path file : recorder.folder().whole()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        }
        HandlerTrial trial = recorder.start("file-frames", 600, "file-size", 65_536, limit, most);
        List<Frame> earlier = new ArrayList<>();
        for (int i = 0; i < 5 * 600; i++) {
            earlier.add(frame(60, START_NANOS - Duration.ofDays(1).toNanos() + i));
        }
        trial.batch(earlier).stop();
        List<String> left = numbers();
        assertEquals(recorder.context().value("removed", "files"), 8 - left.size());
        assertEquals(List.of("000004", "000005", "000006", "000007", "000008").subList(5 - left.size(), 5), left);
    }

    private List<String> numbers() {
        return recorder.folder().wholeNames().stream()
                .map(name -> name.replaceAll(".*-(\\d+)\\.pcapng", "$1"))
                .sorted()
                .toList();
    }

    /** A thread with few frames ends its files late: they are young then, whatever was prepared when. */
    @Test
    void shouldNumberTheFilesOfAllThreadsAsTheyEnd() {
        TestContext second = new TestContext("uplink", "w", 1).capturing(facts(""), 2);
        TestContext first = recorder.context().capturing(facts(""), 2);
        HandlerTrial quiet = recorder.startIn(first, "keep-files", 2);
        HandlerTrial busy = recorder.startIn(second, "keep-files", 2, "file-frames", 1);
        busy.batch(frames(5, 60)).stop();
        quiet.batch(frames(1, 60)).stop();
        assertEquals(
                List.of(
                        "w-uplink-20231114T221320.123456-000006-t0.pcapng",
                        "w-uplink-20231114T221320.127456-000005-t1.pcapng"),
                stripZone(recorder.folder().wholeNames()));
    }

    @Test
    void shouldNeverTakeMoreThanTheBytesToKeep() throws Exception {
        long most = 5 * 65_536;
        HandlerTrial trial = recorder.start("file-size", 65_536, "keep-bytes", most);
        for (int i = 0; i < 40; i++) {
            trial.batch(frames(30, 1_000));
            assertTrue(bytes() <= most, () -> bytes() + " bytes");
        }
        trial.stop();
        assertTrue(bytes() <= most, () -> bytes() + " bytes");
        assertTrue(
                recorder.folder().whole().size() >= 3,
                () -> "one is written, and one prepared: " + recorder.folder().whole());
        assertTrue(recorder.context().value("removed", "files") > 10);
    }

    private long bytes() {
        return Stream.concat(recorder.folder().whole().stream(), recorder.folder().parts().stream())
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    @Test
    void shouldRemoveNoFileButItsOwn() throws Exception {
        Files.createDirectories(recorder.path());
        List<String> others = List.of(
                "w-uplink.pcapng",
                "w-uplink-20200101T000000.000000Z-000001.txt",
                "v-uplink-20200101T000000.000000Z-000001.pcapng",
                "w-uplink2-20200101T000000.000000Z-000001.pcapng");
        for (String other : others) {
            Files.createFile(recorder.path().resolve(other));
        }
        HandlerTrial trial = recorder.start("file-frames", 1, "keep-files", 1).batch(frames(20, 60));
        trial.stop();
        assertTrue(
                recorder.folder().wholeNames().containsAll(others),
                () -> recorder.folder().wholeNames().toString());
        assertEquals(others.size() + 1, recorder.folder().whole().size());
    }

    @Test
    void shouldGoOnWithTheNumbersOfAnEarlierRun() {
        recorder.start("file-frames", 1).batch(frames(3, 60)).stop();
        recorder.start("file-frames", 1).batch(frames(2, 60)).stop();
        assertEquals(List.of("000001", "000002", "000003", "000004", "000005"), numbers());
    }

    @Test
    void shouldGiveEachThreadFilesOfItsOwn() {
        TestContext second = new TestContext("uplink", "w", 1).capturing(facts(""), 2);
        HandlerTrial one = recorder.startIn(recorder.context().capturing(facts(""), 2), "prefix", "mine");
        HandlerTrial two = recorder.startIn(second, "prefix", "mine");
        one.batch(frames(3, 60)).stop();
        two.batch(frames(4, 60)).stop();
        assertEquals(
                List.of(
                        "mine-uplink-20231114T221320.123456-000001-t0.pcapng",
                        "mine-uplink-20231114T221320.123456-000002-t1.pcapng"),
                stripZone(recorder.folder().wholeNames()));
        assertEquals(List.of(3L, 4L), recorder.folder().counts());
    }

    @Test
    void shouldRefuseAFolderThatIsNone() throws Exception {
        Files.createDirectories(recorder.path().getParent());
        Files.createFile(recorder.path());
        Throwable refused =
                assertThrows(IllegalStateException.class, recorder::start).getCause();
        assertEquals(
                "cannot record to " + recorder.path()
                        + ": a file is in the way; set folder to one where ringtap's user may write"
                        + " (under systemd, below /var/lib/ringtap)",
                refused.getMessage());
    }

    @Test
    void shouldRefuseNamesThatAnotherHandlerUses() throws Exception {
        HandlerTrial first = recorder.start();
        Throwable refused =
                assertThrows(IllegalStateException.class, recorder::start).getCause();
        assertTrue(refused.getMessage().contains("another handler or daemon records there"), refused::toString);
        assertTrue(isLocked(recorder.path().resolve(".w-uplink.lock")), "kept from other processes still");
        first.batch(frames(2, 60)).stop();
        recorder.start().stop();
        assertEquals(List.of(2L), recorder.folder().counts());
    }

    /** Whoever keeps to a limit of files would remove the other's. */
    @Test
    void shouldRefuseNamesThatAnotherUsesWithAnotherNumberOfThreads() throws Exception {
        HandlerTrial one = recorder.start();
        TestContext first = new TestContext("uplink", "w", 0).capturing(facts(""), 2);
        TestContext second = new TestContext("uplink", "w", 1).capturing(facts(""), 2);
        Throwable refused = assertThrows(IllegalStateException.class, () -> recorder.startIn(first))
                .getCause();
        assertTrue(refused.getMessage().contains("(it holds .w-uplink.lock)"), refused::toString);
        one.stop();
        Files.write(recorder.path().resolve(".w-uplink-000007.pcapng.part"), new byte[0]);
        HandlerTrial two = recorder.startIn(first);
        recorder.startIn(second).stop();
        assertThrows(IllegalStateException.class, recorder::start);
        two.stop();
        assertEquals(List.of(), recorder.folder().parts(), "what one thread left, the first of several takes");
    }

    /** By the kernel's list of locks, see proc_locks(5): ORDER KIND MODE ACCESS PID MAJOR:MINOR:INODE START END. */
    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readString(Path.of("/proc/locks"))
                .lines()
                .anyMatch(line -> line.contains("OFDLCK") && line.contains(inode));
    }

    /** What is written to a file that was removed, nobody finds: it counts as lost, and recording waits for its folder. */
    @Test
    void shouldTellWhenItsFolderWasRemovedAndGoOnWhenItIsThereAgain() throws Exception {
        HandlerTrial trial = recorder.start().batch(frames(5, 60));
        VethPair.await(() -> recorder.context().value("written", "frames") == 5
                && recorder.folder().parts().size() == 2);
        removeFolder();
        VethPair.await(() -> {
            trial.batch(frames(1, 60));
            return recorder.context().value("paused", "times") == 1
                    && recorder.context().value("lost", "frames") >= 5;
        });
        Files.createDirectory(recorder.path());
        VethPair.await(() -> {
            long refused = trial.failed();
            return trial.batch(frames(1, 60)).failed() == refused;
        });
        Throwable second =
                assertThrows(IllegalStateException.class, recorder::start).getCause();
        assertTrue(second.getMessage().contains("another handler or daemon records there"), second::toString);
        trial.stop();
        long recorded =
                recorder.folder().counts().stream().mapToLong(count -> count).sum();
        assertEquals(trial.delivered(), recorded + recorder.context().value("lost", "frames"));
        assertEquals(trial.failed(), recorder.context().value("refused", "frames"));
    }

    private void removeFolder() throws IOException {
        try (Stream<Path> files = Files.list(recorder.path())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(recorder.path());
    }
}
