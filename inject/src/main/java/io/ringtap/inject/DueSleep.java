package io.ringtap.inject;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * How the inject thread sleeps until a frame falls due, and others wake it: the kernel wakes it a little before, and the rest
 * it spins away, as no wake-up is exact. A thread that has nothing due so soon does not spin.
 */
final class DueSleep {
    /** What a wake-up takes, at most, on a machine that is not busy. */
    static final long SPIN_NANOS = 50_000;

    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile Thread sleeper;

    /**
     * Sleeps; may return early. For the thread that {@link #wake} wakes.
     *
     * @param waitNanos gives, for the time now, how long
     * @param mayNot whether there is something to do all the same
     */
    void sleep(LongUnaryOperator waitNanos, BooleanSupplier mayNot) {
        sleeper = Thread.currentThread();
        asleep.set(true);
        // From here on whoever makes a frame due sees that it sleeps; what fell due before is seen here.
        long now = System.nanoTime();
        long wait = waitNanos.applyAsLong(now);
        if (wait > 0 && !mayNot.getAsBoolean()) {
            if (wait > SPIN_NANOS) {
                LockSupport.parkNanos(this, wait - SPIN_NANOS);
            }
            if (wait - (System.nanoTime() - now) <= SPIN_NANOS) {
                spin(now + wait); // at once: whatever the loop did before would make the frame late
            }
        }
        asleep.set(false);
    }

    private void spin(long untilNanos) {
        while (asleep.getOpaque() && System.nanoTime() - untilNanos < 0) {
            Thread.onSpinWait();
        }
    }

    /** Whether it sleeps; any thread. */
    boolean isAsleep() {
        return asleep.get();
    }

    /** Ends the sleep, if there is one; any thread. */
    void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(sleeper);
        }
    }
}
