package io.ringtap.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameRecord;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.BorrowedFrameException;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerTrialTest {
    @TempDir
    private Path folder;

    private final TestContext context = new TestContext("uplink", "w", 3);

    /** Writes down its life; throws where it is told to. */
    private static final class Diary implements FrameHandler {
        final List<String> entries = new ArrayList<>();
        String throwAt = "";
        private HandlerContext context;

        private void write(String entry) {
            entries.add(entry);
            if (entry.equals(throwAt)) {
                throw new IllegalStateException(entry);
            }
        }

        @Override
        public void onStart(HandlerContext given) {
            context = given;
            write("start " + given.captureName() + " " + given.workerName() + " " + given.thread());
        }

        @Override
        public void onFrame(Frame frame) {
            write("frame " + frame.length());
        }

        @Override
        public void onBatchEnd() {
            write("batch end");
        }

        @Override
        public void onIdle() {
            write("idle " + Duration.ofNanos(context.nanoTime()).toMillis());
        }

        @Override
        public void onStop() {
            write("stop");
        }
    }

    @Test
    void shouldLeadAHandlerThroughItsLife() {
        Diary diary = new Diary();
        HandlerTrial trial = HandlerTrial.start(diary, context);
        assertSame(context, trial.context());
        trial.frame(new byte[60]);
        trial.frames(frame(61), frame(62)).batch(List.of());
        trial.idle(Duration.ofMillis(250)).tick();
        trial.stop();
        trial.close();
        assertEquals(
                List.of(
                        "start uplink w 3",
                        "frame 60",
                        "batch end",
                        "frame 61",
                        "frame 62",
                        "batch end",
                        "idle 100",
                        "idle 200",
                        "idle 250",
                        "stop"),
                diary.entries);
        assertEquals(3, trial.delivered());
        assertEquals(0, trial.failed());
        assertEquals(List.of(), trial.thrown());
        assertThrows(IllegalStateException.class, () -> trial.frame(new byte[60]));
    }

    private static Frame frame(int length) {
        return Frame.of(new byte[length], length, 0, "uplink");
    }

    @Test
    void shouldCountWhatFailsAndGoOn() {
        Diary diary = new Diary();
        diary.throwAt = "frame 61";
        HandlerTrial trial = HandlerTrial.start(diary, context);
        trial.frames(frame(60), frame(61), frame(61), frame(62));
        diary.throwAt = "batch end";
        trial.frames(frame(63));
        diary.throwAt = "idle 0";
        trial.tick();
        diary.throwAt = "stop";
        trial.stop();
        assertEquals(3, trial.delivered());
        assertEquals(2, trial.failed());
        assertEquals(
                List.of("frame 61", "frame 61", "batch end", "idle 0", "stop"),
                trial.thrown().stream().map(Throwable::getMessage).toList());
    }

    @Test
    void shouldNotStartWhatTheDaemonWouldNotStart() {
        Diary diary = new Diary();
        diary.throwAt = "start uplink w 3";
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> HandlerTrial.start(diary, context));
        assertEquals(
                "onStart threw: the daemon would not start: java.lang.IllegalStateException: start uplink w 3",
                thrown.getMessage());
        assertEquals(1, diary.entries.size());
    }

    @Test
    void shouldPlayEveryFrameOfACaptureFile() throws Exception {
        List<FrameRecord> frames = new ArrayList<>();
        for (String name : List.of("ns-le.pcap", "us-be.pcapng")) {
            Path file = Files.write(folder.resolve(name), SampleFiles.intact().get(name));
            frames.clear();
            try (HandlerTrial trial = HandlerTrial.start(frame -> frames.add(FrameRecord.of(frame)))) {
                trial.file(file);
                assertEquals(SampleFrames.all().size(), trial.delivered());
            }
            assertEquals(
                    SampleFrames.all().stream().map(HexFormat.of()::formatHex).toList(),
                    frames.stream().map(FrameRecord::hex).toList());
        }
    }

    @Test
    void shouldGiveAFileInBatchesAndRefuseOneThatCannotBeReadToItsEnd() throws Exception {
        Path cut =
                Files.write(folder.resolve("cut.pcap"), SampleFiles.cutShort().get("in-data-le.pcap"));
        Diary diary = new Diary();
        try (HandlerTrial trial = HandlerTrial.start(diary, context)) {
            String message = assertThrows(IllegalArgumentException.class, () -> trial.file(cut))
                    .getMessage();
            assertTrue(message.startsWith("capture file " + cut + " is cut short after frame 2: "), message);
            Path missing = folder.resolve("missing.pcap");
            assertTrue(assertThrows(IllegalArgumentException.class, () -> trial.file(missing))
                    .getMessage()
                    .contains("there is no such file"));
            Path whole = Files.write(
                    folder.resolve("whole.pcap"), SampleFiles.intact().get("ns-le.pcap"));
            diary.entries.clear();
            trial.file(whole);
            assertEquals("batch end", diary.entries.getLast());
            assertEquals((SampleFrames.all().size() + 63) / 64, Collections.frequency(diary.entries, "batch end"));
        }
    }

    @Test
    void shouldKeepWhatAHandlerSendsCountsAndLogs() {
        byte[] own = {1, 2, 3};
        context.sendRoom(2);
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onStart(HandlerContext given) {}

            @Override
            public void onFrame(Frame frame) {
                context.counter("all", "frames").add(1);
                context.gauge("all", "length").set(frame.length());
                context.counter("row " + frame.length(), "frames").add(2);
                context.log("sent: " + context.sender().send(own));
                own[0]++; // what was sent must not change
            }
        };
        try (HandlerTrial trial = HandlerTrial.start(handler, context)) {
            trial.frames(frame(60), frame(70), frame(80));
        }
        context.warn("done");
        context.removeRow("row 60");
        assertEquals(
                Map.of(
                        "all", Map.of("frames", 3L, "length", 80L),
                        "row 70", Map.of("frames", 2L),
                        "row 80", Map.of("frames", 2L)),
                context.table());
        assertEquals(80, context.value("all", "length"));
        assertThrows(IllegalArgumentException.class, () -> context.value("row 60", "frames"));
        assertThrows(IllegalArgumentException.class, () -> context.gauge("other", "frames"));
        assertEquals(List.of("sent: true", "sent: true", "sent: false", "done"), context.logged());
        assertEquals(2, context.sent().size());
        assertArrayEquals(new byte[] {1, 2, 3}, context.sent().get(0));
        assertArrayEquals(new byte[] {2, 2, 3}, context.sent().get(1));
        assertEquals(1, context.refused());
    }

    @Test
    void shouldMoveTheTimeOnlyWhenTold() {
        long before = context.epochNanos();
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), Instant.ofEpochSecond(0, before));
        context.pass(Duration.ofSeconds(2));
        assertEquals(2_000_000_000, context.nanoTime());
        assertEquals(before + 2_000_000_000, context.epochNanos());
        try (HandlerTrial trial =
                HandlerTrial.start(f -> assertEquals(before + 2_000_000_000, f.timestampNanos()), context)) {
            trial.frame(new byte[60]);
            assertEquals(List.of(), trial.thrown());
        }
    }

    /** Keeps every frame, and looks at the one before, swallowing what that throws. */
    private static final class Keeper implements FrameHandler {
        private Frame kept;

        @Override
        public void onFrame(Frame frame) {
            try {
                if (kept != null) {
                    kept.byteAt(0);
                }
            } catch (IllegalStateException e) {
                // so that nobody sees it
            }
            kept = frame;
        }
    }

    @Test
    void shouldFailATestWhoseHandlerUsesAFrameTooLateThoughItHidesThat() {
        HandlerTrial trial = HandlerTrial.start(new Keeper(), context);
        trial.frame(new byte[60]);
        trial.frame(new byte[60]);
        assertEquals(2, trial.delivered());
        assertEquals(
                "handler io.ringtap.testkit.HandlerTrialTest$Keeper used a borrowed frame after onFrame had returned: a"
                        + " frame is valid only until onFrame returns, on the thread that got it; frame.copy() keeps it",
                assertThrows(BorrowedFrameException.class, trial::stop).getMessage());
    }
}
