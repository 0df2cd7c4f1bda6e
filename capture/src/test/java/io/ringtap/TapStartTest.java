package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    private static class Waiting implements FrameHandler {
        final AtomicReference<Thread> thread = new AtomicReference<>();
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
        return open(CaptureConfig.Mode.THROUGHPUT, workers);
    }

    private Tap open(CaptureConfig.Mode mode, WorkerConfig... workers) throws OpenException {
        CaptureConfig config = CaptureConfig.builder("trace", new CaptureOrigin.File(file, new FramePace.Max()))
                .mode(mode)
                .promiscuous(false)
                .direction(CaptureConfig.Direction.BOTH)
                .build();
        return Tap.open(config, List.of(workers), () -> frame -> false);
    }

    @Test
    void shouldEndTheWorkersThatHaveStartedWhenAnotherIsNotReady() throws Exception {
        Waiting waiting = new Waiting();
        try (Tap tap = open(worker("waiting", waiting), worker("unready", new Unready()))) {
            OpenException failure = assertThrows(OpenException.class, tap::start);
            assertEquals(
                    "worker unready on capture trace: onStart of handler test threw"
                            + " java.lang.IllegalStateException: on purpose",
                    failure.getMessage());
            assertTrue(waiting.stopped.get());
            waiting.thread.get().join(VethPair.HANG);
            assertFalse(waiting.thread.get().isAlive());
            assertEquals(0, tap.published());
            assertFalse(tap.stop(Duration.ofSeconds(1)), "nothing was handled, nothing is drained");
        }
    }

    @Test
    void shouldSayThatThereIsNoMemoryForAHandlerAndReleaseTheRest() {
        Waiting waiting = new Waiting();
        HandlerFactory greedy = new HandlerFactory("greedy", () -> {
            throw new OutOfMemoryError("Java heap space");
        });
        WorkerConfig made = new WorkerConfig(
                "greedy", List.of(), 1, WorkerConfig.Share.FLOW, WorkerConfig.Delivery.GATE, List.of(greedy));
        OpenException atOpen = assertThrows(OpenException.class, () -> open(worker("waiting", waiting), made));
        assertEquals(
                "worker greedy on capture trace: no memory for its handlers (Java heap space): have fewer threads, or give the"
                        + " JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g",
                atOpen.getMessage());
        assertNull(waiting.thread.get(), "nothing had started");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayThatAHandlerHasNoMemoryToStart(CaptureConfig.Mode mode) throws Exception {
        Waiting greedy = new Waiting() {
            @Override
            public void onStart(HandlerContext context) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        try (Tap tap = open(mode, worker("greedy", greedy))) {
            OpenException failure = assertThrows(OpenException.class, tap::start);
            assertEquals(
                    "worker greedy on capture trace: onStart of handler test has no memory (Java heap space): have it take"
                            + " less, or give the JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g",
                    failure.getMessage());
        }
    }

    /** In low-latency mode the capture thread runs a lone worker's handlers, onStart too. */
    @ParameterizedTest
    @EnumSource
    void shouldNotWaitForEverForAHandlerThatDoesNotGetReady(CaptureConfig.Mode mode) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Waiting waiting = new Waiting() {
            @Override
            public void onStart(HandlerContext context) {
                super.onStart(context);
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        };
        try (Tap tap = open(mode, worker("unready", waiting))) {
            OpenException failure = assertThrows(OpenException.class, () -> tap.start(Duration.ofSeconds(1)));
            assertEquals(
                    "worker unready on capture trace: onStart of handler test has not returned after 1 s: it must not wait"
                            + " for what may not come",
                    failure.getMessage());
            assertTrue(interrupted.await(VethPair.HANG.toSeconds(), TimeUnit.SECONDS));
            waiting.thread.get().join(VethPair.HANG);
            assertFalse(waiting.thread.get().isAlive());
            assertEquals(0, tap.published());
        }
    }

    @Test
    void shouldCountTheSameBeforeAndAfterItIsClosed() throws Exception {
        Tap tap = open(worker("w", frame -> {}));
        tap.start();
        assertTrue(tap.awaitEnd(VethPair.HANG));
        assertTrue(tap.stop(VethPair.HANG));
        var counts = tap.counts();
        String workers = workersOf(tap);
        tap.close();
        tap.close();
        assertEquals(counts, tap.counts());
        assertEquals(workers, workersOf(tap));
        assertEquals(counts.received(), tap.workerCounts().getFirst().delivered());
        assertTrue(counts.received() > 0);
    }

    /** How busy they are falls with time. */
    private static String workersOf(Tap tap) {
        return tap.workerCounts().toString().replaceAll("busyShare=[^,]*", "");
    }
}
