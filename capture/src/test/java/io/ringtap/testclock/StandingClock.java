package io.ringtap.testclock;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A clock that stands still but for what a test adds and for what is slept by it, which takes next to no real time. Any thread. */
public final class StandingClock {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // runs over at once, as nanoTime may
    private final AtomicLong sleeps = new AtomicLong();
    private final AtomicLong slept = new AtomicLong();

    /** As {@link System#nanoTime}. */
    public long nanoTime() {
        return nanos.get();
    }

    /** As {@link java.util.concurrent.locks.LockSupport#parkNanos(long)}: never too short or too long. */
    public void park(long duration) {
        sleeps.incrementAndGet();
        slept.addAndGet(duration);
        nanos.addAndGet(duration);
        LockSupport.parkNanos(1); // a loop that sleeps by this leaves the processor to others
    }

    /** Lets time pass. */
    public void pass(long duration) {
        nanos.addAndGet(duration);
    }

    /** How often it was slept. */
    public long sleeps() {
        return sleeps.get();
    }

    /** How long it was slept, in all. */
    public long slept() {
        return slept.get();
    }
}
