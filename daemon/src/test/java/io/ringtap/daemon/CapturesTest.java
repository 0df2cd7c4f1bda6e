package io.ringtap.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.testnet.VethPair;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of a file of one frame. */
class CapturesTest {
    private final CountDownLatch called = new CountDownLatch(1);
    private final Captures captures = new Captures(called::countDown);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.write(
                folder.resolve("one.pcap"),
                new PcapWriter(ByteOrder.BIG_ENDIAN, true)
                        .frame(0, new byte[60])
                        .bytes());
    }

    private Tap start(FrameHandler handler) throws Exception {
        WorkerConfig worker = new WorkerConfig(
                "w", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(new HandlerFactory("test", () -> handler)));
        Tap tap = Tap.open(CaptureConfig.file("f", file), List.of(worker), () -> frame -> false);
        captures.add(tap);
        tap.start();
        return tap;
    }

    @Test
    void shouldHaveEndedWhenAllHaveByThemselvesAndThatWasLookedAt() throws Exception {
        Tap tap = start(frame -> {});
        assertTrue(tap.awaitEnd(Duration.ofMinutes(2)));
        assertFalse(captures.haveEnded());
        captures.reportEnds();
        assertTrue(captures.haveEnded());
        start(frame -> {});
        assertFalse(captures.haveEnded());
        captures.close();
    }

    @Test
    void shouldCallWhoeverIsToLookWhenOneHasEnded() throws Exception {
        start(frame -> {});
        called.await();
        captures.reportEnds();
        assertTrue(captures.haveEnded());
        captures.close();
    }

    @Test
    void shouldNotHaveEndedWhileTheyAreStoppedForOthersToTakeTheirPlace() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Tap tap = start(frame -> {
            handling.countDown();
            release.await();
        });
        handling.await();
        Thread ending = Thread.ofPlatform().start(() -> captures.end(List.of(tap), Duration.ofMinutes(2)));
        VethPair.await(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("stop-f")));
        assertFalse(captures.haveEnded());
        release.countDown();
        ending.join();
        assertEquals(List.of(), captures.running());
        assertFalse(captures.haveEnded());
        assertEquals(1, captures.ledger(List.of()).received());
    }
}
