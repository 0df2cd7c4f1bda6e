package io.ringtap.handler.flight;

import static io.ringtap.handler.flight.FlightTrial.numbers;
import static io.ringtap.handler.flight.FlightTrial.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.frame.TimeText;
import io.ringtap.ledger.Loss;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recorder holds, and what is in its dumps. The clock is the test's; files are as they come. */
class FlightRecorderHandlerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MIB = 1 << 20;

    @TempDir
    private Path temporary;

    private Path path;
    private FlightTrial flight;

    @BeforeEach
    void begin() throws Exception {
        path = Files.createDirectory(temporary.resolve("dumps"));
        flight = FlightTrial.in(path);
    }

    private HandlerTrial start(Object... keysAndValues) {
        List<Object> all =
                new ArrayList<>(List.of("memory", 16 * MIB, "before", Duration.ofSeconds(2), "after", SECOND));
        all.addAll(List.of(keysAndValues));
        return flight.start(all.toArray());
    }

    private boolean event(String reason) {
        return flight.recorders().by("the test").dump("flight-recorder", reason);
    }

    private long missed() {
        return flight.context().value("missed", "frames");
    }

    @Test
    void shouldWriteWhatWasBeforeAnEventAndWhatComesAfterItWithoutAGapOrARepeat() throws Exception {
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 5_000, 60);
            assertTrue(event("it happened"));
            flight.give(trial, 5_000, 9_000, 60);
            // frame 4,999 came at the event: 2,000 ms before it, and 1,000 after
            assertEquals(range(2_999, 6_000), numbers(flight.fileOf(0)));
            assertEquals(List.of(3_001L), flight.folder().counts());
        }
        DumpStatus dump = flight.over(0);
        assertEquals(DumpStatus.State.DONE, dump.state());
        assertEquals(3_001, dump.frames());
        assertEquals(0, dump.missed() + dump.lost() + missed());
        assertTrue(
                dump.file().orElseThrow().getFileName().toString().startsWith("flight-recorder-uplink-20260101T000003"),
                dump::toString);
    }

    @Test
    void shouldSayReasonWhoAndWhenInTheFileAndAtTheFrameBehindTheEvent() throws Exception {
        String when;
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 10, 60);
            flight.context().pass(Duration.ofNanos(1));
            when = TimeText.ofEpochNanos(flight.context().epochNanos());
            event("it happened");
            flight.give(trial, 10, 20, 60);
        }
        Path file = flight.fileOf(0);
        String text = "it happened, by the test, at " + when;
        String commented = VethPair.run(
                "tshark",
                "-r",
                file.toString(),
                "-Y",
                "frame.comment",
                "-T",
                "fields",
                "-e",
                "frame.number",
                "-e",
                "frame.comment");
        assertEquals(
                List.of("11\t" + text),
                commented.lines().filter(line -> line.contains("\t")).toList());
        String about = VethPair.run("capinfos", "-M", file.toString());
        assertTrue(about.contains("flight recorder flight-recorder: " + text), about);
    }

    @Test
    void shouldLetAnEventDuringADumpProlongItAndBeginAnotherOneBehindTheLongest() throws Exception {
        try (HandlerTrial trial = start("longest", Duration.ofMillis(2_500))) {
            flight.give(trial, 0, 3_000, 60);
            assertTrue(event("one"));
            flight.give(trial, 3_000, 3_900, 60);
            assertTrue(event("two"));
            flight.give(trial, 3_900, 4_600, 60);
            assertTrue(event("three: too late to prolong"));
            flight.give(trial, 4_600, 9_000, 60);
            assertEquals(range(999, 4_900), numbers(flight.fileOf(0)));
            assertEquals(range(2_599, 5_600), numbers(flight.fileOf(1)));
            assertEquals(2, flight.over(0).events());
            assertEquals(1, flight.over(1).events());
            assertEquals(2, flight.recorders().dumps().size());
        }
    }

    @Test
    void shouldStandAHandlerThatAsksAtEachFrame() throws Exception {
        try (HandlerTrial trial = start()) {
            for (int i = 0; i < 10_000; i++) {
                assertTrue(event("frame " + i));
            }
            flight.give(trial, 0, 1_500, 60);
            assertEquals(range(0, 1_000), numbers(flight.fileOf(0)));
            assertEquals(10_000, flight.over(0).events());
        }
        assertEquals(1, flight.recorders().dumps().size());
    }

    @Test
    void shouldMakeSeveralDumpsAtOnceAndRefuseMoreThanItMayHave() throws Exception {
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 1_000, 60);
            for (int i = 0; i < FlightRecorder.MOST_DUMPS; i++) {
                assertEquals(
                        1,
                        flight.command(Optional.of(Duration.ofMillis(100L * i))).size());
            }
            assertEquals(List.of(), flight.command(Optional.empty()));
            assertFalse(event("one too many"));
            flight.give(trial, 1_000, 3_000, 60);
            for (int i = 0; i < FlightRecorder.MOST_DUMPS; i++) {
                assertEquals(range(999 - 100L * i, 2_000), numbers(flight.fileOf(i)));
            }
            assertEquals(0, missed());
            assertTrue(event("there is room again"));
        }
        assertEquals(FlightRecorder.MOST_DUMPS + 1, flight.folder().whole().size());
    }

    @Test
    void shouldHoldNoMoreThanItsMemoryAndTheLatest() throws Exception {
        try (HandlerTrial trial = start("before", Duration.ofMinutes(10), "memory", 8 * MIB)) {
            flight.give(trial, 0, 30_000, 1_000);
            trial.tick();
            long bytes = flight.context().value("held", "bytes held");
            assertTrue(bytes <= 6 * MIB, () -> "more than three quarters: " + bytes);
            assertTrue(bytes > 5 * MIB, () -> "much less than three quarters: " + bytes);
            long frames = flight.context().value("held", "frames held");
            assertEquals(frames / 1_000, flight.context().value("held", "seconds held"));
            event("all");
            flight.give(trial, 30_000, 31_002, 1_000); // less than is free for it
            List<Long> numbers = numbers(flight.fileOf(0));
            assertEquals(range(30_000 - frames, 31_000), numbers);
            assertEquals(0, missed());
        }
    }

    @Test
    void shouldLetGoOfWhatIsOlderAlsoWhileNothingComes() throws Exception {
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 20_000, 1_000);
            trial.tick();
            long frames = flight.context().value("held", "frames held");
            assertTrue(frames >= 2_000 && frames < 3_100, () -> "two seconds, and a chunk: " + frames);
            trial.idle(Duration.ofSeconds(3));
            assertEquals(0, flight.context().value("held", "frames held"));
            flight.give(trial, 20_000, 20_100, 1_000);
            event("few");
            trial.idle(Duration.ofSeconds(1));
        }
        assertEquals(range(20_000, 20_100), numbers(flight.fileOf(0)));
    }

    @Test
    void shouldEndADumpOnALinkThatIsSilent() throws Exception {
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 100, 60);
            event("silence");
            trial.idle(Duration.ofMillis(900));
            assertEquals(
                    DumpStatus.State.RUNNING,
                    flight.recorders().dumps().getFirst().state());
            VethPair.await(() -> {
                trial.idle(Duration.ofMillis(100));
                return flight.recorders().dumps().getFirst().state() == DumpStatus.State.DONE;
            });
            assertEquals(range(0, 100), numbers(flight.fileOf(0)));
            trial.idle(Duration.ofSeconds(3));
            assertTrue(event("nothing there"));
        }
        assertEquals(1, flight.folder().whole().size(), "a dump without a frame has no file");
        assertEquals(DumpStatus.State.DONE, flight.over(1).state());
        assertEquals(Optional.empty(), flight.over(1).file());
    }

    @Test
    void shouldEndADumpWithTheHandler() throws Exception {
        HandlerTrial trial = start("after", Duration.ofHours(1), "longest", Duration.ofHours(1));
        flight.give(trial, 0, 1_000, 60);
        event("then it stops");
        flight.give(trial, 1_000, 1_500, 60);
        trial.stop();
        assertEquals(range(0, 1_500), numbers(flight.fileOf(0)));
        assertEquals(List.of(), flight.folder().parts());
        assertFalse(event("too late"));
        assertEquals(List.of(), flight.recorders().running());
    }

    @Test
    void shouldCountWhatItCannotKeepWhileTheDiskIsAwayAndGoOnWhenItIsBack() throws Exception {
        Path away = temporary.resolve("away");
        try (HandlerTrial trial =
                start("memory", 4 * MIB, "before", Duration.ofMinutes(10), "after", Duration.ofMinutes(1))) {
            flight.give(trial, 0, 1_000, 1_000);
            Files.move(path, away);
            event("no disk");
            flight.give(trial, 1_000, 12_000, 1_000);
            assertEquals(11_000, trial.delivered() - 1_000);
            long missed = missed();
            assertTrue(missed > 7_000, () -> "4 MiB hold less than 4,064 of them; missed: " + missed);
            Files.createDirectory(path);
            VethPair.await(() -> {
                flight.context().pass(Duration.ofMillis(10)); // until it tries again
                return flight.recorders().dumps().getFirst().frames() == 12_000 - missed;
            });
            flight.give(trial, 12_000, 13_000, 1_000);
            assertEquals(missed, missed(), "there is room again");
        }
        List<Long> expected = range(0, 12_000 - missed());
        expected.addAll(range(12_000, 13_000));
        assertEquals(expected, numbers(flight.fileOf(0)));
        assertEquals(missed(), flight.over(0).missed());
    }

    @Test
    void shouldGiveADumpUpWhenTheDiskStaysAwayAndKeepTheNext() throws Exception {
        Path away = temporary.resolve("away");
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 1_000, 60);
            Files.move(path, away);
            event("no disk");
            VethPair.await(() -> flight.context().value("paused", "times") == 1);
            flight.give(trial, 1_000, 2_500, 60);
            flight.context().pass(Duration.ofNanos(DumpOutput.PATIENCE_NANOS));
            assertEquals(DumpStatus.State.FAILED, flight.over(0).state());
            assertEquals(2_000, flight.over(0).lost());
            assertEquals(2_000, flight.context().value("lost", "frames"));
            Files.createDirectory(path);
            flight.give(trial, 2_500, 5_000, 60);
            event("the disk is back");
            flight.give(trial, 5_000, 6_500, 60);
            assertEquals(range(2_999, 6_000), numbers(flight.fileOf(1)));
        }
    }

    @Test
    void shouldMergeWhatItsThreadsHaveByTime() throws Exception {
        flight.context().capturing(flight.context().capture(), 2);
        TestContext second = flight.context().otherThread(1);
        second.capturing(second.capture(), 2);
        HandlerTrial one = start("before", Duration.ofMinutes(1));
        HandlerTrial two = flight.startIn(second, "before", Duration.ofMinutes(1), "after", SECOND);
        long start = flight.context().epochNanos();
        for (int i = 0; i < 10_000; i += 40) {
            List<Frame> ones = new ArrayList<>();
            List<Frame> twos = new ArrayList<>();
            for (int j = i; j < i + 40; j++) {
                (j % 3 == 0 ? ones : twos).add(flight.frame(j, 60 + j % 900, start + j * 1_000_000L));
            }
            flight.context().pass(Duration.ofMillis(40));
            one.batch(ones);
            two.batch(twos);
            if (i == 4_000) {
                event("two threads");
            }
        }
        assertEquals(range(0, 5_041), numbers(flight.fileOf(0)), "4,040 ms, and a second");
        event("at their end");
        one.stop();
        two.stop();
        assertEquals(range(0, 10_000), numbers(flight.fileOf(1)));
        assertEquals(2, flight.folder().whole().size());
    }

    @Test
    void shouldGoByTheFramesTimesWhereTheyComeOutOfAFile() throws Exception {
        flight.context().ofFile();
        try (HandlerTrial trial = start()) {
            for (int second = 0; second < 10; second++) {
                trial.frames(flight.frame(second, 60, second * 1_000_000_000L));
                if (second == 5) {
                    flight.recorders().dump("flight-recorder", "the fifth");
                }
            }
        }
        List<List<Long>> files = new ArrayList<>();
        for (Path file : flight.folder().whole()) {
            files.add(numbers(file));
        }
        assertEquals(List.of(List.of(3L, 4L, 5L, 6L)), files);
    }

    @Test
    void shouldTakeALossOnItsCaptureForAnEventIfItIsToldTo() throws Exception {
        Loss here = new Loss(Loss.Stage.KERNEL_RING, "uplink", Optional.empty(), 7, "7 frames lost", "more buffer");
        Loss elsewhere = new Loss(Loss.Stage.KERNEL_RING, "other", Optional.empty(), 7, "7 frames lost", "more buffer");
        try (HandlerTrial trial = start()) {
            flight.give(trial, 0, 10, 60);
            assertFalse(flight.recorders().wantLosses());
            flight.recorders().lost(here);
            assertEquals(List.of(), flight.recorders().dumps());
        }
        flight = FlightTrial.in(path);
        try (HandlerTrial trial = start("on-loss", true)) {
            flight.give(trial, 0, 10, 60);
            assertTrue(flight.recorders().wantLosses());
            flight.recorders().lost(elsewhere);
            assertEquals(List.of(), flight.recorders().dumps());
            flight.recorders().lost(here);
        }
        assertTrue(flight.over(0).event().startsWith("7 frames lost, by on-loss, at "), flight.over(0)::toString);
        assertEquals(10, flight.over(0).frames());
    }

    @Test
    void shouldKeepTheLatestFilesOnly() throws Exception {
        try (HandlerTrial trial = start("keep-files", 2)) {
            for (int i = 0; i < 4; i++) {
                flight.give(trial, i * 10_000L, i * 10_000L + 10, 60);
                event("dump " + i);
                flight.give(trial, i * 10_000L + 10, i * 10_000L + 3_000, 60);
                flight.over(i);
            }
            assertEquals(2, flight.context().value("removed", "files"));
        }
        List<String> numbers = flight.folder().wholeNames().stream()
                .map(name -> name.replaceFirst(".*Z-", ""))
                .toList();
        assertEquals(List.of("000003.pcapng", "000004.pcapng"), numbers);
    }

    @Test
    void shouldRefuseASecondOneOfItsNameAndTooLittleMemoryForItsThreads() {
        try (HandlerTrial _ = start()) {
            TestContext other = new TestContext("uplink", "other", 0);
            String message = assertThrows(IllegalStateException.class, () -> flight.startIn(other))
                    .getMessage();
            assertTrue(message.contains("give one of them another folder or name"), message);
        }
        TestContext four = new TestContext("four", "w", 3);
        String message = assertThrows(IllegalStateException.class, () -> flight.startIn(four, "memory", 7 * MIB))
                .getMessage();
        assertTrue(message.contains("with 4 threads, memory must be at least 8388608 bytes"), message);
    }

    @Test
    void shouldRefuseSettingsThatMakeNoSense() {
        assertEquals(
                List.of(
                        "name: must be made of letters, digits, \"_\", \"-\" and \".\", and begin with neither of the last two"),
                problems("name", "-"));
        assertEquals(List.of("longest: after must be no longer than longest"), problems("longest", SECOND));
        assertEquals(List.of("after: after must be no longer than longest"), problems("after", Duration.ofMinutes(11)));
        assertEquals(
                List.of("memory: must be from 2097152 to 68719476736 bytes, not 2097151"),
                problems("memory", 2 * MIB - 1));
        assertEquals(List.of("folder: must not be empty"), problems("folder", " "));
    }

    private static List<String> problems(Object... keysAndValues) {
        TestSettings settings = TestSettings.of(keysAndValues);
        new FlightRecorderHandler(settings);
        return settings.problems();
    }
}
