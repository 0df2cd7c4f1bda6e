package io.ringtap.inject;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * How the inject thread sleeps until a frame falls due, and others wake it. No wake-up is exact, and the longer a processor has
 * been idle, the later it comes: so the kernel wakes the thread {@value #NAP_NANOS} ns before the frame falls due. What the loop
 * does besides sending, such as a look at the link, it does then. From the nap that follows the processor wakes soon: {@value
 * #SPIN_NANOS} ns before the frame falls due, and the rest is spun away. A thread that has nothing due so soon does not spin; with
 * more than 20,000 frames a second, evenly spaced, it spins all the time.
 */
final class DueSleep {
    /** What a wake-up from a nap takes, at most, on a machine that is not busy. */
    static final long SPIN_NANOS = 50_000;

    /** What a wake-up from a long sleep takes, nearly always; a nap of that length leaves the processor half awake. */
    static final long NAP_NANOS = 200_000;

    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile Thread sleeper;

    /**
     * Sleeps; from a long sleep it returns {@value #NAP_NANOS} ns early, and it may do so from any. For the thread that {@link #wake}
     * wakes.
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
            sleep(now, wait);
        }
        asleep.set(false);
    }

    private void sleep(long now, long wait) {
        if (wait > NAP_NANOS) {
            LockSupport.parkNanos(this, wait - NAP_NANOS);
            return;
        }
        if (wait > SPIN_NANOS) {
            LockSupport.parkNanos(this, wait - SPIN_NANOS);
        }
        if (left(now, wait) <= SPIN_NANOS) {
            spin(now + wait); // at once: whatever the loop did before would make the frame late
        }
    }

    /** By differences: a sleep without end is longer than any time from now. */
    private static long left(long since, long wait) {
        return wait - (System.nanoTime() - since);
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
