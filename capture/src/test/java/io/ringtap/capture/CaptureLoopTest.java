package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.CaptureState;
import io.ringtap.testclock.StandingClock;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaptureLoopTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1_000);
    private static final Duration IDLE = Duration.ofMillis(100);

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
    private final StandingClock clock = new StandingClock();
    private final CaptureLoop loop =
            new CaptureLoop(source, sink, "capture-test-0", ends::incrementAndGet, clock::nanoTime, clock::park);

    @AfterEach
    void close() throws InterruptedException {
        loop.stop(clock.nanoTime());
        awaitEnd();
        source.close();
    }

    private void startLoop() throws InterruptedException {
        assertNull(loop.prepare(VethPair.HANG));
        loop.start();
    }

    /** Stops it, with so much of its clock's time to drain. */
    private void stop(long nanos) {
        loop.stop(clock.nanoTime() + nanos);
    }

    private void awaitEnd() throws InterruptedException {
        assertTrue(loop.join(System.nanoTime() + VethPair.HANG.toNanos()));
    }

    private void awaitFlushed(long frames) {
        VethPair.await(() -> sink.flushed.get() == frames);
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
        stop(FOR_EVER);
        VethPair.await(() -> source.quiesces() == 1);
        source.arrive(1_000);
        long before = clock.sleeps();
        VethPair.await(() -> clock.sleeps() >= before + 100);
        assertEquals(CaptureState.RUNNING, loop.state(), "7 accepted frames are still to come");
        source.release();
        awaitEnd();
        assertEnded(CaptureState.ENDED, 100_007);
        assertEquals(1, source.quiesces());
    }

    @Test
    void shouldLeaveUnreadWhatHasNotComeByTheDeadline() throws Exception {
        source.arrive(5);
        source.hold(1);
        startLoop();
        awaitFlushed(5);
        stop(SECOND / 2);
        awaitEnd();
        assertEquals(SECOND / 2, clock.slept());
        assertEnded(CaptureState.ENDED, 5);
        assertEquals(1, source.unread());
    }

    @Test
    void shouldStopAtOnceWhenIdle() throws Exception {
        startLoop();
        VethPair.await(() -> source.awaits() >= 1);
        stop(FOR_EVER);
        int before = source.awaits();
        awaitEnd();
        assertTrue(source.awaits() - before <= 1, "it had looked already, and waited for 100 ms once more");
        assertEquals(IDLE, source.longestAwait());
        assertEquals(0, clock.sleeps());
        assertEnded(CaptureState.ENDED, 0);
    }

    @Test
    void shouldEndAtTheEndOfAFile() throws Exception {
        source.arrive(9_999);
        source.endWith(CaptureSource.END);
        startLoop();
        awaitEnd();
        assertEnded(CaptureState.ENDED, 9_999);
        assertEquals(0, source.quiesces());
    }

    @Test
    void shouldEndAtTheEndOfAFileWhileItDrains() throws Exception {
        source.arrive(5);
        source.hold(10);
        startLoop();
        awaitFlushed(5);
        stop(FOR_EVER);
        VethPair.await(() -> clock.sleeps() > 0); // it drains
        source.endWith(CaptureSource.END);
        awaitEnd();
        assertEnded(CaptureState.ENDED, 5);
    }

    @Test
    void shouldStillReadWhatIsInTheRingOfASourceThatFailed() throws Exception {
        source.arrive(10_000);
        source.drop(3);
        source.failFirst();
        startLoop();
        awaitEnd();
        assertEquals(0, clock.slept());
        assertEnded(CaptureState.FAILED, 10_000);
        assertEquals(0, source.quiesces());
    }

    @Test
    void shouldNotWaitLongForWhatAFailedSourceNeverGives() throws Exception {
        source.arrive(10);
        source.hold(1);
        source.endWith(CaptureSource.FAILED);
        startLoop();
        awaitEnd();
        assertEquals(SECOND, clock.slept());
        assertEnded(CaptureState.FAILED, 10);
    }

    @Test
    void shouldEndWhenTheSinkTakesNoMore() throws Exception {
        sink.room = 123;
        source.arrive(1_000);
        startLoop();
        awaitEnd();
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
        stop(FOR_EVER);
        source.release();
        awaitEnd();
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
            awaitEnd();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEnded(CaptureState.FAILED, 5);
    }

    @Test
    void shouldSleepWhileNothingArrives() throws Exception {
        startLoop();
        VethPair.await(() -> source.awaits() >= 3);
        int restless = source.restless();
        assertTrue(restless == 0 || restless == 1, restless + " times it found nothing and did not wait");
        assertEquals(IDLE, source.longestAwait());
        assertEquals(0, source.looks());
    }

    @Test
    void shouldSleepWhileItWaitsForABlockThatIsNotFull() throws Exception {
        source.hold(1);
        startLoop();
        stop(SECOND / 2);
        awaitEnd();
        assertEquals(500, clock.sleeps(), "one of a millisecond after each poll");
        assertTrue(source.polls() >= 500 && source.restless() <= 500, "polls without a sleep");
    }

    @Test
    void shouldGiveFramesToThoseWhoLookUntilTheyLookNoMore() throws Exception {
        CountingSink looker = new CountingSink();
        looker.room = 5; // what it returns is not looked at
        startLoop();
        source.arrive(10);
        awaitFlushed(10);
        loop.attach(looker);
        source.arrive(20);
        awaitFlushed(30);
        assertEquals(5, looker.taken.get());
        assertTrue(loop.isUsed(looker));
        looker.room = Long.MAX_VALUE;
        source.arrive(30);
        awaitFlushed(60);
        assertEquals(35, looker.taken.get());
        loop.detach(looker);
        source.arrive(40);
        awaitFlushed(100);
        assertEquals(35, looker.taken.get());
        assertFalse(loop.isUsed(looker));
        assertEquals(0, looker.flushed.get());
    }
}
