package io.ringtap.inject.stream;

import io.ringtap.inject.send.LoopedFrames;
import java.time.Duration;

/**
 * Finds out that a stream which follows a capture is set off by its own frames: that of the frames that made it send, at least
 * half were its own, which have come back. It would send ever more. For the inject thread.
 */
public final class LoopGuard implements AutoCloseable {
    /** How often it looks. */
    public static final Duration WINDOW = Duration.ofSeconds(1);

    /** Fewer frames in a window do no harm, and prove nothing. */
    public static final int LEAST_SENT = 20;

    private final LoopedFrames returned;
    private final long everyFrames;
    private final int burst;
    private long windowStartNanos;
    private long sentBefore;
    private int returnedBefore;

    /** Of a stream that sends a burst for so many frames. */
    public LoopGuard(LoopedFrames returned, long everyFrames, int burst, long nowNanos) {
        this.returned = returned;
        this.everyFrames = everyFrames;
        this.burst = burst;
        windowStartNanos = nowNanos;
        returnedBefore = returned.count(); // what came before its filter was there
    }

    /**
     * Looks, if it is time.
     *
     * @param sent what the stream has sent so far
     * @return whether the window that has just ended was a loop's
     */
    public boolean isLoop(long sent, long nowNanos) {
        if (nowNanos - windowStartNanos < WINDOW.toNanos()) {
            return false;
        }
        int returnedNow = returned.count();
        long sentHere = sent - sentBefore;
        long returnedHere = Integer.toUnsignedLong(returnedNow - returnedBefore);
        windowStartNanos = nowNanos;
        sentBefore = sent;
        returnedBefore = returnedNow;
        return sentHere >= LEAST_SENT && returnedHere >= sentHere * everyFrames / burst / 2;
    }

    @Override
    public void close() {
        returned.close();
    }
}
