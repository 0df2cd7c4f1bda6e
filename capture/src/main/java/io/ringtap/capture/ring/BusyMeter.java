package io.ringtap.capture.ring;

import com.lmax.disruptor.Sequence;

/**
 * The share of the latest time for which a thread was busy. That thread alone writes; any thread reads, also while the writer
 * is inside something that does not end.
 */
final class BusyMeter {
    /** A share is over this time at least, and over twice as much at most if {@link #turn} is called often. */
    private static final long WINDOW_NANOS = 1_000_000_000;

    /** The counts at a moment. */
    private record Mark(long atNanos, long busyNanos) {}

    /**
     * Nanoseconds, shifted left by one. With the lowest bit, it is busy now, and they lack the moment since when: one
     * word, so that a reader never sees a part of a change.
     */
    private final Sequence state = new Sequence(0);

    private volatile Mark from;
    private Mark next;

    BusyMeter(long nanoTime) {
        from = new Mark(nanoTime, 0);
        next = from;
    }

    /** From now on it is busy. */
    void begin(long nanoTime) {
        long nanos = (state.get() >> 1) - nanoTime;
        state.set((nanos << 1) | 1);
    }

    /** It is busy no more. */
    void end(long nanoTime) {
        long nanos = (state.get() >> 1) + nanoTime;
        state.set(nanos << 1);
    }

    /** It was busy so long, besides; not between begin and end. */
    void add(long nanos) {
        state.set(state.get() + (nanos << 1));
    }

    /** Lets what is long ago be forgotten; to be called several times a second. */
    void turn(long nanoTime) {
        if (nanoTime - next.atNanos() >= WINDOW_NANOS) {
            from = next;
            next = new Mark(nanoTime, busyNanos(nanoTime));
        }
    }

    /** From 0 to 1; any thread. */
    double share(long nanoTime) {
        Mark since = from;
        long elapsed = nanoTime - since.atNanos();
        return elapsed <= 0 ? 0 : Math.clamp((double) (busyNanos(nanoTime) - since.busyNanos()) / elapsed, 0, 1);
    }

    private long busyNanos(long nanoTime) {
        long now = state.get();
        return (now & 1) == 0 ? now >> 1 : (now >> 1) + nanoTime;
    }
}
