package io.ringtap.inject.kernel;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The wait for room in a full queue: how long an engine tries a frame again, and how often. The last try comes when the time
 * is over: a thread that did not run meanwhile has not missed the room that there was. For one thread at a time.
 */
public final class RoomWait {
    private final long longestNanos;
    private final long pauseNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer park;

    private long beganNanos;

    /** Waits so long in all, and so long between two tries. */
    public RoomWait(Duration longest, Duration pause) {
        this(longest, pause, System::nanoTime, LockSupport::parkNanos);
    }

    /** The same by another clock, and what lets time pass on it. */
    public RoomWait(Duration longest, Duration pause, LongSupplier nanoTime, LongConsumer park) {
        longestNanos = longest.toNanos();
        pauseNanos = pause.toNanos();
        this.nanoTime = nanoTime;
        this.park = park;
    }

    /** A frame has found no room. */
    public void begin() {
        beganNanos = nanoTime.getAsLong();
    }

    /** Lets a moment pass before the next try; gives whether there may be another one after it. */
    public boolean pause() {
        park.accept(pauseNanos);
        return nanoTime.getAsLong() - beganNanos < longestNanos;
    }
}
