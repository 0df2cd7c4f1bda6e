package io.ringtap.capture.ring;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A capture thread's wait for room by a clock that the test owns: each park of the first so many moves it by a step, and the
 * last of them does something that ends the wait. From then on the clock stands.
 */
final class OwnWait implements Idler {
    /** So long that a thread which waits for frames is woken by nothing but what should wake it. */
    static final long NEVER_NANOS = TimeUnit.HOURS.toNanos(1);

    private final int turns;
    private final long stepNanos;
    private final Runnable atLast;
    private long nanoTime = Long.MAX_VALUE; // the clock may wrap
    private int parks;
    private long parkedNanos;

    OwnWait(int turns, long stepNanos, Runnable atLast) {
        this.turns = turns;
        this.stepNanos = stepNanos;
        this.atLast = atLast;
    }

    /** A ring whose capture thread waits like this. */
    FrameRing ring(int slots, long slabBytes) {
        return new FrameRing(slots, slabBytes, HandlerChain.TICK_NANOS, this);
    }

    /** A ring on which no tick ends a wait for frames. */
    static FrameRing withoutTicks(int slots, long slabBytes) {
        return new FrameRing(slots, slabBytes, NEVER_NANOS, Idler.SYSTEM);
    }

    /** How often it was waited. */
    int parks() {
        return parks;
    }

    /** How long that should have taken. */
    long parkedNanos() {
        return parkedNanos;
    }

    @Override
    public long nanoTime() {
        return nanoTime;
    }

    @Override
    public void park(long nanos) {
        if (Thread.interrupted()) {
            throw new IllegalStateException("the test's time is over");
        }
        parks++;
        parkedNanos += nanos;
        if (parks <= turns) {
            nanoTime += stepNanos;
        }
        if (parks == turns) {
            atLast.run();
        } else if (parks > turns) {
            LockSupport.parkNanos(nanos); // so that whom it waits for gets a processor
        }
    }
}
