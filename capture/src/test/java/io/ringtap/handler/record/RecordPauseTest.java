package io.ringtap.handler.record;

import static io.ringtap.handler.record.RecordTrial.START_NANOS;
import static io.ringtap.handler.record.RecordTrial.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.TestContext;
import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a frame costs while the disk takes nothing: a count. */
class RecordPauseTest {
    private static final int FRAMES = 100_000;

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
        long refused = refuse(handler, frame);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refused += refuse(handler, frame);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(2 * FRAMES, refused);
        assertEquals(2 * FRAMES, context.value("refused", "frames") - counted);
        assertTrue(allocated < 10_000, allocated + " bytes for 100,000 frames");
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

    private static long refuse(RecordHandler handler, Frame frame) throws InterruptedException {
        long refused = 0;
        for (int i = 0; i < FRAMES; i++) {
            try {
                handler.onFrame(frame);
            } catch (RecordingPausedException e) {
                refused++;
            }
        }
        return refused;
    }
}
