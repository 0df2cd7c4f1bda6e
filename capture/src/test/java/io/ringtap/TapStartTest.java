package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TapStartTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("trace.pcap");
        Files.write(file, SampleFiles.intact().get("ns-le.pcap"));
    }

    /** Tells its thread, and that it was stopped. */
    private static final class Waiting implements FrameHandler {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final AtomicBoolean stopped = new AtomicBoolean();

        @Override
        public void onStart(HandlerContext context) {
            thread.set(Thread.currentThread());
        }

        @Override
        public void onFrame(Frame frame) {}

        @Override
        public void onStop() {
            stopped.set(true);
        }
    }

    private static final class Unready implements FrameHandler {
        @Override
        public void onStart(HandlerContext context) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    private static WorkerConfig worker(String name, FrameHandler handler) {
        return new WorkerConfig(
                name,
                List.of(),
                1,
                WorkerConfig.Share.FLOW,
                WorkerConfig.Delivery.GATE,
                List.of(new HandlerFactory("test", () -> handler)));
    }

    private Tap open(WorkerConfig... workers) throws OpenException {
        CaptureConfig live = CaptureConfig.live("trace");
        CaptureConfig config = new CaptureConfig(
                "trace",
                new CaptureOrigin.File(file, new FramePace.Max()),
                live.mode(),
                live.engine(),
                live.bufferBytes(),
                live.snaplenBytes(),
                live.timeout(),
                false,
                CaptureConfig.Direction.BOTH,
                "",
                1);
        return Tap.open(config, List.of(workers), () -> frame -> false);
    }

    @Test
    void shouldEndTheWorkersThatHaveStartedWhenAnotherIsNotReady() throws Exception {
        Waiting waiting = new Waiting();
        try (Tap tap = open(worker("waiting", waiting), worker("unready", new Unready()))) {
            OpenException failure = assertThrows(OpenException.class, tap::start);
            assertEquals(
                    "worker unready on capture trace: a handler's onStart threw"
                            + " java.lang.IllegalStateException: on purpose",
                    failure.getMessage());
            assertTrue(waiting.stopped.get());
            waiting.thread.get().join(1_000);
            assertFalse(waiting.thread.get().isAlive());
            assertEquals(0, tap.published());
            assertFalse(tap.stop(Duration.ofSeconds(1)), "nothing was handled, nothing is drained");
        }
    }

    @Test
    void shouldCountTheSameBeforeAndAfterItIsClosed() throws Exception {
        Tap tap = open(worker("w", frame -> {}));
        tap.start();
        assertTrue(tap.awaitEnd(Duration.ofSeconds(10)));
        assertTrue(tap.stop(Duration.ofSeconds(5)));
        var counts = tap.counts();
        var workers = tap.workerCounts();
        tap.close();
        tap.close();
        assertEquals(counts, tap.counts());
        assertEquals(workers, tap.workerCounts());
        assertEquals(counts.received(), workers.getFirst().delivered());
        assertTrue(counts.received() > 0);
    }
}
