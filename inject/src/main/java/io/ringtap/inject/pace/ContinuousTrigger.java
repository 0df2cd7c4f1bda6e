package io.ringtap.inject.pace;

/** A frame is always due. */
public final class ContinuousTrigger implements Trigger {
    @Override
    public boolean isDue(long nowNanos) {
        return true;
    }

    @Override
    public boolean isAlwaysDue() {
        return true;
    }

    @Override
    public int due(int limit, long nowNanos) {
        return limit;
    }

    @Override
    public void advance() {}

    @Override
    public void restart(long nowNanos) {}

    @Override
    public long waitNanos(long nowNanos) {
        return 0;
    }
}
