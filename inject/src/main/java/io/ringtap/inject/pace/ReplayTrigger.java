package io.ringtap.inject.pace;

import io.ringtap.inject.replay.ReplayFrames;

/** A frame of a file is due when its pace says so and it is in memory. For one thread. */
public final class ReplayTrigger implements Trigger {
    /** A disk that is behind is looked at again after this; nobody tells when it has caught up. */
    private static final long LOOK_AGAIN_NANOS = 500_000;

    private final ReplayFrames frames;
    private Trigger pace;

    /** What the pace is still to be told: it may look at the next frame, which has to be in memory. */
    private Owed owed = Owed.NOTHING;

    private long beginNanos;
    private boolean late;

    private enum Owed {
        NOTHING,
        BEGIN,
        ADVANCE
    }

    /** Frames at a pace that begins with {@link #restart}. */
    public ReplayTrigger(ReplayFrames frames, Trigger pace) {
        this.frames = frames;
        this.pace = pace;
    }

    /** Returns whether the next frame is in memory, and the pace knows when it falls due. */
    private boolean isThere(long nowNanos) {
        if (!frames.hasNext()) {
            late = true;
            return false;
        }
        switch (owed) {
            case NOTHING -> {}
            case BEGIN -> pace.restart(late ? nowNanos : beginNanos);
            case ADVANCE -> pace.advance();
        }
        owed = Owed.NOTHING;
        return true;
    }

    @Override
    public boolean isDue(long nowNanos) {
        return isThere(nowNanos) && pace.isDue(nowNanos);
    }

    @Override
    public void advance() {
        frames.pass();
        owed = Owed.ADVANCE;
        isThere(0);
    }

    @Override
    public boolean isAlwaysDue() {
        return pace.isAlwaysDue();
    }

    @Override
    public boolean hasDeadlines() {
        return pace.hasDeadlines();
    }

    @Override
    public long deadlineNanos() {
        return pace.deadlineNanos();
    }

    @Override
    public long startNanos() {
        return pace.startNanos();
    }

    @Override
    public long passed() {
        return pace.passed();
    }

    @Override
    public void postpone(long sinceNanos) {
        if (isThere(sinceNanos)) {
            pace.postpone(sinceNanos);
        }
    }

    @Override
    public int due(int limit, long nowNanos) {
        return isDue(nowNanos) ? frames.available(pace.due(limit, nowNanos)) : 0;
    }

    /** Returns whether the next frame is not in memory yet. */
    public boolean awaitsFrames() {
        return !frames.hasNext();
    }

    /** Goes on at another pace, from now on. */
    public void pace(Trigger other, long nowNanos) {
        pace = other;
        begin(nowNanos);
    }

    /** From the first frame of the file on. */
    @Override
    public void restart(long nowNanos) {
        frames.restart();
        begin(nowNanos);
    }

    private void begin(long nowNanos) {
        beginNanos = nowNanos;
        late = false;
        owed = Owed.BEGIN;
    }

    @Override
    public long waitNanos(long nowNanos) {
        return isThere(nowNanos) ? pace.waitNanos(nowNanos) : LOOK_AGAIN_NANOS;
    }
}
