package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.Frame;
import io.ringtap.testkit.AllocatedPerCall;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a frame costs while the disk takes nothing: a count. */
class RecordPauseTest {
    private static final int FRAMES = 100_000; // and four times as many

    @TempDir
    private Path temporary;

    /** A file system that is gone takes nothing either. */
    @Test
    void shouldRefuseFramesWithoutAllocatingWhileItIsPaused() throws Exception {
        RecordTrial recorder = RecordTrial.in(temporary.resolve("folder"));
        Path path = recorder.path();
        TestContext context = recorder.context();
        RecordHandler handler = recorder.settings("file-frames", 1).make(RecordHandler::new);
        handler.onStart(context);
        for (Path file : recorder.folder().parts()) {
            Files.delete(file);
        }
        Files.delete(path.resolve(".w-uplink.lock"));
        Files.delete(path);
        fillUntilPaused(handler, context);
        Frame frame = frame(60, START_NANOS);
        long counted = context.value("refused", "frames");
        AllocatedPerCall.assertNone(FRAMES, frames -> assertEquals(frames, refuse(handler, frame, frames)));
        assertEquals(5 * FRAMES, context.value("refused", "frames") - counted);
        assertEquals(1, context.value("paused", "times"));
        assertEquals(List.of(), context.logged());
    }

    /** The first file is open though its name is gone, and the next may be. */
    private static void fillUntilPaused(RecordHandler handler, TestContext context) {
        VethPair.await(() -> {
            try {
                handler.onFrame(frame(60, START_NANOS));
                handler.onBatchEnd();
            } catch (RecordingPausedException e) {
                return context.value("paused", "times") == 1;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        });
    }

    private static int refuse(RecordHandler handler, Frame frame, int frames) throws InterruptedException {
        int refused = 0;
        for (int i = 0; i < frames; i++) {
            try {
                handler.onFrame(frame);
            } catch (RecordingPausedException e) {
                refused++;
            }
        }
        return refused;
    }
}
