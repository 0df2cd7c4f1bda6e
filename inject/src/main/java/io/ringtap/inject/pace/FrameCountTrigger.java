package io.ringtap.inject.pace;

import io.ringtap.ledger.Counter;
import java.util.function.LongSupplier;

/** A frame, or a burst, is due for each so many frames that a capture has published. {@link #isDue} is safe on every thread. */
public final class FrameCountTrigger implements Trigger {
    /** A capture normally wakes the inject thread; this bounds the wait if it does not. */
    private static final long LOOK_EVERY_NANOS = 100_000_000;

    private final long frames;
    private final int burst;
    private final LongSupplier published;
    private final Counter passed = new Counter();

    /** {@code burst} frames for each {@code frames} that {@code published} counts; any thread may ask that. */
    public FrameCountTrigger(long frames, int burst, LongSupplier published) {
        this.frames = frames;
        this.burst = burst;
        this.published = published;
    }

    @Override
    public boolean isDue(long nowNanos) {
        return due() > 0;
    }

    @Override
    public int due(int limit, long nowNanos) {
        return (int) Math.min(limit, due());
    }

    /** Frames due and not passed. */
    public long due() {
        return published.getAsLong() / frames * burst - passed.value();
    }

    @Override
    public void advance() {
        passed.add(1);
    }

    @Override
    public void restart(long nowNanos) {
        passed.add(due());
    }

    @Override
    public long waitNanos(long nowNanos) {
        return LOOK_EVERY_NANOS;
    }
}
