package io.ringtap.handler.watch;

import java.time.Duration;

/**
 * Tells when so many frames lie within so long, by their times: exactly, as a sliding window. Frames of several threads
 * may come out of order: a window that a late frame completes counts too, as long as not more than that many frames (at
 * least {@value #LEAST_SLACK}) came before it that are younger. For one thread at a time.
 */
final class FrameWindow {
    /** Frames kept beyond those of the window, for late ones. */
    static final int LEAST_SLACK = 1024;

    /**
     * A frame that is further from the newest one than this and the window is not late: its time is wrong, or, if that of the
     * next one is alike, the clock was set, and counting begins anew.
     */
    static final Duration CLOCK_STEP = Duration.ofSeconds(10);

    private final int frames;
    private final long withinNanos;

    /** A ring of times, ascending. */
    private final long[] times;

    private int first;
    private int size;

    /** Whether the last frame was far from those before it, and its time. */
    private boolean strayed;

    private long strayNanos;

    /** Told when {@code frames} frames are no more than {@code within} apart, the first from the last. */
    FrameWindow(int frames, Duration within) {
        this.frames = frames;
        this.withinNanos = within.toNanos();
        times = new long[frames + Math.max(frames, LEAST_SLACK)];
    }

    /** Takes a frame. Returns whether it is one of that many within that long. */
    boolean add(long timestampNanos) {
        if (size > 0 && isFar(timestampNanos, newest())) {
            if (!strayed || isFar(timestampNanos, strayNanos)) {
                strayed = true;
                strayNanos = timestampNanos;
                return frames == 1;
            }
            size = 0;
            put(strayNanos);
        }
        strayed = false;
        return put(timestampNanos);
    }

    private boolean isFar(long timestampNanos, long otherNanos) {
        return Math.abs(timestampNanos - otherNanos) > withinNanos + CLOCK_STEP.toNanos();
    }

    private boolean put(long timestampNanos) {
        int position = size;
        while (position > 0 && at(position - 1) > timestampNanos) {
            position--;
        }
        if (size == times.length) {
            if (position == 0) {
                return false; // older than all that is kept
            }
            first = index(1);
            size--;
            position--;
        }
        for (int i = size; i > position; i--) {
            times[index(i)] = at(i - 1);
        }
        times[index(position)] = timestampNanos;
        size++;
        return isFull(position);
    }

    /** Returns whether a window that the frame at a position is in holds enough. */
    private boolean isFull(int position) {
        int last = Math.min(size - 1, position + frames - 1);
        for (int end = Math.max(position, frames - 1); end <= last; end++) {
            if (at(end) - at(end - frames + 1) <= withinNanos) {
                return true;
            }
        }
        return false;
    }

    private long newest() {
        return at(size - 1);
    }

    private long at(int position) {
        return times[index(position)];
    }

    private int index(int position) {
        int index = first + position;
        return index < times.length ? index : index - times.length;
    }
}
