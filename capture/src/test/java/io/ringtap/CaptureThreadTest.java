package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How soon the capture thread runs after a frame has come, as the kernel tells it. */
@Tag("live")
class CaptureThreadTest extends VethFixture {
    private static final long DEFAULT_POLICY = 0;
    private static final long FIFO = 1;
    private static final int FRAMES = 50;
    private static final long APART_NANOS = 5_000_000;

    private static Tap start(CaptureConfigBuilder config) throws Exception {
        return LiveTap.start(config, LiveTap.worker("w", 1, Share.FLOW, () -> frame -> {}));
    }

    /** A number of a file in the thread's folder of /proc. */
    private static long told(String file, String what) throws IOException {
        Matcher found =
                Pattern.compile("(?m)^" + what + "\\s*:\\s*(\\d+)$").matcher(Files.readString(thread().resolve(file)));
        assertTrue(found.find(), what);
        return Long.parseLong(found.group(1));
    }

    private static boolean isAsleep() {
        try {
            return Files.readString(thread().resolve("status")).contains("State:\tS");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path thread() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals("capture-near-0")) {
                    return task;
                }
            }
        }
        throw new AssertionError("there is no capture thread");
    }

    @Test
    void shouldAskForShortTurnsWhereEachFrameWakesIt() throws Exception {
        long slice;
        try (Tap tap = start(LiveTap.near())) {
            slice = told("sched", "se.slice");
            assertTrue(tap.stop(VethPair.HANG));
        }
        try (Tap tap = start(LiveTap.near().mode(Mode.LOW_LATENCY))) {
            long shortSlice = told("sched", "se.slice");
            assertTrue(shortSlice == 100_000 || shortSlice == slice, shortSlice + " ns"); // as is before Linux 6.12
            assertEquals(DEFAULT_POLICY, told("sched", "policy"));
            assertTrue(tap.stop(VethPair.HANG));
        }
    }

    @Test
    void shouldRunBeforeOthersOrRefuseToStart() throws Exception {
        CaptureConfigBuilder config = LiveTap.near().priority(Priority.REALTIME);
        if (new ProcessBuilder("chrt", "--fifo", "10", "true").start().waitFor() == 0) {
            try (Tap tap = start(config)) {
                assertEquals(FIFO, told("sched", "policy"));
                assertTrue(tap.stop(VethPair.HANG));
            }
        } else {
            OpenException e =
                    assertThrows(OpenException.class, () -> start(config).close());
            assertEquals(OpenException.Reason.NOT_PERMITTED, e.reason());
        }
    }

    @Test
    void shouldNotSleepBetweenFramesThatComeWithinItsSpin() throws Exception {
        long sleeping = sleeps(Duration.ZERO);
        long spinning = sleeps(Duration.ofSeconds(1));
        assertTrue(sleeping >= FRAMES, sleeping + " times");
        assertTrue(spinning < FRAMES / 5, spinning + " times of " + sleeping);
    }

    /** How often the capture thread sleeps while frames come one by one. */
    private static long sleeps(Duration spin) throws Exception {
        try (Tap tap = start(LiveTap.near().mode(Mode.LOW_LATENCY).spin(spin));
                FarSender far = new FarSender()) {
            far.sendUdp(1, 100, 0);
            LiveTap.awaitReceived(tap, 1);
            long before = told("status", "voluntary_ctxt_switches");
            for (int i = 0; i < FRAMES; i++) {
                far.sendUdp(1, 100, 0);
                if (spin.isZero()) { // on a busy machine it would take two frames at a time
                    VethPair.await(CaptureThreadTest::isAsleep);
                } else {
                    LockSupport.parkNanos(APART_NANOS);
                }
            }
            LiveTap.awaitReceived(tap, 1 + FRAMES);
            long sleeps = told("status", "voluntary_ctxt_switches") - before;
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(0, LiveTap.ledger(tap).unaccounted());
            return sleeps;
        }
    }
}
