package io.ringtap.inject.pace;

import io.ringtap.inject.replay.ReplayFrames;

/**
 * Absolute deadlines at the distances that a file's time stamps have: a frame falls due when the time between it and the first
 * one, over all loops, has passed, divided by the speed, however late the earlier ones were sent. For one thread.
 */
public final class RecordedTrigger extends DeadlineTrigger {
    private final ReplayFrames frames;
    private final double speed;
    private long passed;

    /** Of frames of which the next one is in memory whenever this is told to go on. */
    public RecordedTrigger(ReplayFrames frames, double speed) {
        this.frames = frames;
        this.speed = speed;
    }

    @Override
    public void restart(long nowNanos) {
        start(nowNanos);
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
        dueAt(startNanos() + (speed == 1 ? since : Math.round(since / speed)));
    }

    @Override
    void shift(long nanos) {} // deadlines follow from the start

    @Override
    public long passed() {
        return passed;
    }
}
