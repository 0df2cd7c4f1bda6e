package io.ringtap.inject;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Time that passes only as a test lets it, for one loop. The loop's thread runs on its own up to the time that it has been let,
 * and sleeps there; no time passes while it runs, but for what a test says that something takes.
 */
final class SteppedTime implements LoopSleep {
    /** nanoTime may pass from the largest number to the smallest. */
    static final long START = Long.MAX_VALUE - 1_000_000;

    private long nowNanos = START;
    private long letUntilNanos = START;
    private boolean asleep;
    private boolean restsAtTheEnd;
    private long sleeps;
    private long pauses;

    LoopTime ofLoop() {
        return new LoopTime(this::now, this);
    }

    synchronized long now() {
        return nowNanos;
    }

    /** What has passed since the beginning. */
    Duration passed() {
        return Duration.ofNanos(now() - START);
    }

    /** Lets so much pass, and waits until the loop sleeps at the end of it. */
    synchronized void let(Duration time) {
        letUntilNanos += time.toNanos();
        restsAtTheEnd = false;
        notifyAll();
        settle();
    }

    /** Waits until the loop has done all that is to be done now. */
    synchronized void settle() {
        await(() -> restsAtTheEnd);
    }

    /** For the loop's thread: what it does takes so long. */
    synchronized void take(Duration time) {
        nowNanos += time.toNanos();
        if (nowNanos - letUntilNanos > 0) {
            letUntilNanos = nowNanos;
        }
    }

    /** How often the loop has slept to the end, or been woken. */
    synchronized long sleeps() {
        return sleeps;
    }

    /** How often it has paused. */
    synchronized long pauses() {
        return pauses;
    }

    @Override
    public void sleep(LongUnaryOperator waitNanos, BooleanSupplier mayNot) {
        setAsleep(true);
        long wait = waitNanos.applyAsLong(now());
        if (wait > 0 && !mayNot.getAsBoolean()) {
            sleep(wait);
        }
        setAsleep(false);
    }

    private synchronized void sleep(long wait) {
        long since = nowNanos;
        await(() -> isOver(since, wait));
        restsAtTheEnd = false;
        sleeps++;
        if (asleep) {
            nowNanos = since + wait;
        }
    }

    private boolean isOver(long since, long wait) {
        if (!asleep || wait <= letUntilNanos - since) {
            return true;
        }
        nowNanos = letUntilNanos;
        restsAtTheEnd = true;
        notifyAll();
        return false;
    }

    /** By itself: a test that stops the loop waits for its end. */
    @Override
    public synchronized void pause(long nanos) {
        pauses++;
        take(Duration.ofNanos(nanos));
    }

    private synchronized void setAsleep(boolean now) {
        asleep = now;
    }

    @Override
    public synchronized boolean isAsleep() {
        return asleep;
    }

    @Override
    public synchronized void wake() {
        if (asleep) {
            asleep = false;
            restsAtTheEnd = false;
            notifyAll();
        }
    }

    private synchronized void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
