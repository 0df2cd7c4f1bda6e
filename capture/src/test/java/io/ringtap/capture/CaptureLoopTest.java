package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.CaptureState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaptureLoopTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Counts what it took and what was handed on; takes no more than there is room for. */
    private static final class CountingSink implements FrameSink {
        private final AtomicLong taken = new AtomicLong();
        private final AtomicLong flushed = new AtomicLong();
        private volatile long room = Long.MAX_VALUE;

        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            return taken.get() < room && taken.incrementAndGet() > 0;
        }

        @Override
        public void flush() {
            flushed.set(taken.get());
        }
    }

    private final ScriptedSource source = new ScriptedSource();
    private final CountingSink sink = new CountingSink();
    private final AtomicInteger ends = new AtomicInteger();
    private final CaptureLoop loop = new CaptureLoop(source, sink, "capture-test-0", ends::incrementAndGet);

    @AfterEach
    void close() throws InterruptedException {
        loop.stop(System.nanoTime());
        assertTrue(join(2 * SECOND));
        source.close();
    }

    private void startLoop() throws InterruptedException {
        assertNull(loop.prepare(Duration.ofSeconds(10)));
        loop.start();
    }

    private boolean join(long nanos) throws InterruptedException {
        return loop.join(System.nanoTime() + nanos);
    }

    private void awaitFlushed(long frames) {
        await(() -> sink.flushed.get() == frames);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10 * SECOND;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "waited 10 s in vain");
            LockSupport.parkNanos(SECOND / 1_000);
        }
    }

    private void assertEnded(CaptureState state, long frames) {
        assertEquals(state, loop.state());
        assertEquals(frames, sink.taken.get());
        assertEquals(frames, sink.flushed.get(), "handed on");
        assertEquals(1, ends.get());
    }

    @Test
    void shouldHandOnWhatItHasReadBeforeItWaits() throws Exception {
        startLoop();
        for (int round = 1; round <= 5; round++) {
            source.arrive(10_000);
            awaitFlushed(10_000L * round);
        }
        assertEquals(CaptureState.RUNNING, loop.state());
        assertEquals(0, ends.get());
    }

    @Test
    void shouldReadExactlyWhatWasAcceptedBeforeItWasStopped() throws Exception {
        source.arrive(100_000);
        source.drop(50);
        source.hold(7);
        startLoop();
        awaitFlushed(100_000);
        loop.stop(System.nanoTime() + 10 * SECOND);
        await(() -> source.quiesces() == 1);
        source.arrive(1_000);
        assertFalse(join(SECOND / 20), "7 accepted frames are still to come");
        source.release();
        assertTrue(join(SECOND));
        assertEnded(CaptureState.ENDED, 100_007);
        assertEquals(1, source.quiesces());
    }

    @Test
    void shouldLeaveUnreadWhatHasNotComeByTheDeadline() throws Exception {
        source.arrive(5);
        source.hold(1);
        startLoop();
        awaitFlushed(5);
        long before = System.nanoTime();
        loop.stop(before + SECOND / 2);
        assertTrue(join(2 * SECOND));
        long took = System.nanoTime() - before;
        assertTrue(took >= SECOND / 2 && took < SECOND, "took " + took);
        assertEnded(CaptureState.ENDED, 5);
        assertEquals(1, source.unread());
    }

    @Test
    void shouldStopAtOnceWhenIdle() throws Exception {
        startLoop();
        LockSupport.parkNanos(SECOND / 5);
        long before = System.nanoTime();
        loop.stop(before + 10 * SECOND);
        assertTrue(join(2 * SECOND));
        assertTrue(System.nanoTime() - before < SECOND / 2);
        assertEnded(CaptureState.ENDED, 0);
    }

    @Test
    void shouldEndAtTheEndOfAFile() throws Exception {
        source.arrive(9_999);
        source.endWith(CaptureSource.END);
        startLoop();
        assertTrue(join(2 * SECOND));
        assertEnded(CaptureState.ENDED, 9_999);
        assertEquals(0, source.quiesces());
    }

    @Test
    void shouldEndAtTheEndOfAFileWhileItDrains() throws Exception {
        source.arrive(5);
        source.hold(10);
        startLoop();
        awaitFlushed(5);
        long before = System.nanoTime();
        source.endWith(CaptureSource.END);
        loop.stop(before + 10 * SECOND);
        assertTrue(join(SECOND));
        assertEnded(CaptureState.ENDED, 5);
    }

    @Test
    void shouldStillReadWhatIsInTheRingOfASourceThatFailed() throws Exception {
        source.arrive(10_000);
        source.drop(3);
        source.failFirst();
        startLoop();
        assertTrue(join(SECOND / 2));
        assertEnded(CaptureState.FAILED, 10_000);
        assertEquals(0, source.quiesces());
    }

    @Test
    void shouldNotWaitLongForWhatAFailedSourceNeverGives() throws Exception {
        source.arrive(10);
        source.hold(1);
        source.endWith(CaptureSource.FAILED);
        startLoop();
        assertTrue(join(2 * SECOND));
        assertEnded(CaptureState.FAILED, 10);
    }

    @Test
    void shouldEndWhenTheSinkTakesNoMore() throws Exception {
        sink.room = 123;
        source.arrive(1_000);
        startLoop();
        assertTrue(join(SECOND));
        assertEnded(CaptureState.ENDED, 123);
        assertEquals(877, source.unread());
    }

    @Test
    void shouldEndWhenTheSinkTakesNoMoreWhileItDrains() throws Exception {
        sink.room = 5;
        source.arrive(5);
        source.hold(2);
        startLoop();
        awaitFlushed(5);
        loop.stop(System.nanoTime() + 10 * SECOND);
        source.release();
        assertTrue(join(SECOND));
        assertEnded(CaptureState.ENDED, 5);
        assertEquals(2, source.unread());
    }

    @Test
    void shouldCountAsFailedWhenTheSourceThrows() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
        try {
            source.arrive(5);
            startLoop();
            awaitFlushed(5);
            source.breakWith(new IllegalStateException("on purpose"));
            assertTrue(join(SECOND));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEnded(CaptureState.FAILED, 5);
    }

    @Test
    void shouldSleepWhileNothingArrives() throws Exception {
        startLoop();
        LockSupport.parkNanos(SECOND);
        int polls = source.polls();
        assertTrue(polls >= 5 && polls <= 20, "polls in a second: " + polls);
        assertEquals(Duration.ofMillis(100), source.longestAwait());
        assertEquals(0, source.looks());
    }

    @Test
    void shouldSleepWhileItWaitsForABlockThatIsNotFull() throws Exception {
        source.hold(1);
        startLoop();
        loop.stop(System.nanoTime() + SECOND / 2);
        assertTrue(join(SECOND));
        assertTrue(source.polls() <= 510, "polls in half a second: " + source.polls());
    }
}
