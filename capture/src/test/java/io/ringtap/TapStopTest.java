package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop whose handlers do not end: what it takes is the same for a lane and for many. */
@Tag("live")
class TapStopTest extends SenderFixture {
    private static final int LANES = 6;

    /** Far more than anything else takes or gives back meanwhile. */
    private static final long QUEUE_BYTES = 256L << 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 3}) // on the capture thread, and on threads of the worker's own
    void shouldLeaveBehindHandlersThatDoNotEnd(int threads) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger busy = new AtomicInteger();
        Tap tap = LiveTap.start(
                LiveTap.near().threads(LANES).bufferBytes(1L << 20).snaplenBytes(256),
                LiveTap.worker("w", threads, Share.ROUND_ROBIN, () -> frame -> {
                    busy.incrementAndGet();
                    awaitUninterruptibly(release);
                }));
        try {
            far.sendUdp(1_000, 100, 0); // of many flows
            VethPair.await(() -> busy.get() == LANES * threads);
            LiveTap.awaitReceived(tap, 1_000);
            assertFalse(tap.stop(Duration.ofMillis(200)));
            assertEquals(1_000, tap.counts().received());
        } finally {
            release.countDown();
            tap.close();
        }
    }

    @Test
    void shouldReleaseAQueueWhoseFramesWereNotAllHandled() throws Exception {
        List<HandlerFactory> blocked = List.of(new HandlerFactory("test", () -> frame -> new Semaphore(0).acquire()));
        WorkerConfig worker = new WorkerConfig(
                "w", List.of(), 1, Share.FLOW, Delivery.DETACH, blocked, 1, QUEUE_BYTES, Tunnels.INNER, List.of());
        long before = residentBytes();
        try (Tap tap = LiveTap.start(LiveTap.near().bufferBytes(1L << 20), worker)) {
            assertTrue(residentBytes() - before > QUEUE_BYTES / 2);
            far.sendUdp(100, 100, 0);
            VethPair.await(() -> tap.published() == 100);
            assertFalse(tap.stop(Duration.ofMillis(200)));
            VethPair.await(TapStopTest::haveEnded); // else they may use it yet, and it is kept
        }
        assertTrue(residentBytes() - before < QUEUE_BYTES / 2, "the queue is kept");
    }

    private static boolean haveEnded() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().matches("(capture|worker|feed)-.*"));
    }

    private static long residentBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean ended = false;
        while (!ended) {
            try {
                latch.await();
                ended = true;
            } catch (InterruptedException e) {
                // a handler that does not care
            }
        }
    }
}
