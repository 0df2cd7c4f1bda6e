package io.ringtap.inject;

import io.ringtap.inject.replay.ReplayFrames;

/**
 * Absolute deadlines at the distances that a file's time stamps have: a frame falls due when the time between it and the first
 * one, over all loops, has passed, divided by the speed, however late the earlier ones were sent. For one thread.
 */
final class RecordedTrigger implements Trigger {
    private final ReplayFrames frames;
    private final double speed;
    private long startNanos;
    private long passed;
    private long deadlineNanos;

    /** Of frames of which the next one is in memory whenever this is told to go on. */
    RecordedTrigger(ReplayFrames frames, double speed) {
        this.frames = frames;
        this.speed = speed;
    }

    @Override
    public void restart(long nowNanos) {
        startNanos = nowNanos;
        passed = 0;
        findDeadline();
    }

    @Override
    public void advance() {
        passed++;
        findDeadline();
    }

    private void findDeadline() {
        long since = frames.nextNanos();
        deadlineNanos = startNanos + (speed == 1 ? since : Math.round(since / speed));
    }

    @Override
    public boolean isDue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    @Override
    public boolean hasDeadlines() {
        return true;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public long startNanos() {
        return startNanos;
    }

    @Override
    public long passed() {
        return passed;
    }

    @Override
    public void postpone(long sinceNanos) {
        long nanos = sinceNanos - deadlineNanos;
        if (nanos > 0) {
            startNanos += nanos;
            deadlineNanos += nanos;
        }
    }

    @Override
    public long waitNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }
}
