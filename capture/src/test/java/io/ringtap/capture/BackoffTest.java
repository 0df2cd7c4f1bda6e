package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    /** Nanoseconds until the next attempt may be made, to a millisecond. */
    private long pauseAfterFailure(long at) {
        backoff.failed(at);
        long pause = 0;
        while (!backoff.isTime(at + pause)) {
            pause += 1_000_000;
        }
        return pause;
    }

    @Test
    void shouldTryAtOnceAndThenEverMoreSeldomUpToABound() {
        assertTrue(backoff.isTime(-1));
        long at = Long.MAX_VALUE - 1_000_000_000; // nanoTime may run over
        long pause = pauseAfterFailure(at);
        assertEquals(Backoff.SHORTEST.toNanos(), pause);
        for (int i = 0; i < 20; i++) {
            at += pause;
            long next = pauseAfterFailure(at);
            assertEquals(Math.min(2 * pause, Backoff.LONGEST.toNanos()), next);
            pause = next;
        }
    }

    @Test
    void shouldTryAtOnceWithAnotherInterface() {
        backoff.see(7);
        backoff.failed(0);
        backoff.see(7);
        assertFalse(backoff.isTime(1));
        backoff.see(0);
        backoff.see(8);
        assertTrue(backoff.isTime(1));
    }
}
