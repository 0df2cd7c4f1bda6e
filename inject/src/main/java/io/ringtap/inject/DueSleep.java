package io.ringtap.inject;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sleep of the inject thread until a frame falls due or others wake it. No wake-up is exact, and the longer a processor
 * has been idle, the later it comes: so the kernel wakes the thread {@value #NAP_NANOS} ns before the frame falls due. What
 * the loop does besides sending, such as a look at the link, it does then. From the nap that follows the processor wakes soon,
 * and about as late each time, which is learnt: {@value #SPIN_NANOS} ns before the frame falls due, or less, and the rest is
 * spun away. A thread that has nothing due so soon does not spin; with more than 20,000 frames a second, evenly spaced, it
 * spins all the time.
 */
final class DueSleep implements LoopSleep {
    /** What a wake-up from a nap takes, at most, on a machine that is not busy. */
    static final long SPIN_NANOS = 50_000;

    /** What a wake-up from a long sleep takes, nearly always; a nap of that length leaves the processor half awake. */
    static final long NAP_NANOS = 200_000;

    /** Of what one wake-up teaches: a hundred of them are enough, and one that is very late counts no more than others. */
    private static final long LEARN_NANOS = 250;

    private final LongSupplier clockNanos;
    private final LongConsumer park;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile @Nullable Thread sleeper;

    /** How late a wake-up from a nap comes, or later, three times in four; the sleeper's own. */
    private long usuallyLateNanos;

    DueSleep() {
        clockNanos = System::nanoTime;
        park = nanos -> LockSupport.parkNanos(this, nanos);
    }

    /** By another clock; {@code park} waits so many nanoseconds by it, or less. */
    DueSleep(LongSupplier clockNanos, LongConsumer park) {
        this.clockNanos = clockNanos;
        this.park = park;
    }

    /** From a long sleep it returns {@value #NAP_NANOS} ns early. */
    @Override
    public void sleep(LongUnaryOperator waitNanos, BooleanSupplier mayNot) {
        sleeper = Thread.currentThread();
        asleep.set(true);
        // From here on whoever makes a frame due sees that it sleeps; what fell due before is seen here.
        long now = clockNanos.getAsLong();
        long wait = waitNanos.applyAsLong(now);
        if (wait > 0 && !mayNot.getAsBoolean()) {
            sleep(now, wait);
        }
        asleep.set(false);
    }

    private void sleep(long now, long wait) {
        if (wait > NAP_NANOS) {
            park.accept(wait - NAP_NANOS);
            return;
        }
        for (long left = wait; left > SPIN_NANOS && asleep.getOpaque(); left = left(now, wait)) {
            nap(left - SPIN_NANOS);
        }
        spin(now + wait); // at once: whatever the loop did before would make the frame late
    }

    private void nap(long nanos) {
        long asked = nanos > usuallyLateNanos ? nanos - usuallyLateNanos : nanos;
        long now = clockNanos.getAsLong();
        park.accept(asked);
        long late = -left(now, asked);
        if (late >= 0) { // or it was woken
            long step = late > usuallyLateNanos ? LEARN_NANOS : -3 * LEARN_NANOS;
            usuallyLateNanos = Math.clamp(usuallyLateNanos + step, 0, SPIN_NANOS);
        }
    }

    /** By differences: a sleep without end is longer than any time from now. */
    private long left(long since, long wait) {
        return wait - (clockNanos.getAsLong() - since);
    }

    private void spin(long untilNanos) {
        while (asleep.getOpaque() && clockNanos.getAsLong() - untilNanos < 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void pause(long nanos) {
        park.accept(nanos);
    }

    @Override
    public boolean isAsleep() {
        return asleep.get();
    }

    @Override
    public void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(sleeper);
        }
    }
}
