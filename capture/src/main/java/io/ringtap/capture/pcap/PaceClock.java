package io.ringtap.capture.pcap;

import io.ringtap.capture.FramePace;
import java.util.Optional;

/**
 * The time at which each frame of a file is due, in {@link System#nanoTime} terms: the first one at once, the others at
 * absolute times after it, so that neither a late wake-up nor a slow worker makes the pace drift. One thread.
 */
final class PaceClock {
    private final FramePace pace;
    private final FileTimes times;
    private boolean started;
    private long startNanos;
    private long frames;

    PaceClock(FramePace pace) {
        this.pace = pace;
        times = new FileTimes(pace instanceof FramePace.Original original ? original.maxGap() : Optional.empty());
    }

    /** Returns when the next frame is due; asked once for each, in order. {@code ahead} has the stamps behind it. */
    long dueNanos(long timestampNanos, long nowNanos, FileTimes.Ahead ahead) {
        if (!started) {
            started = true;
            startNanos = nowNanos;
        }
        return switch (pace) {
            case FramePace.Max _ -> nowNanos;
            case FramePace.Original _ -> startNanos + times.sinceFirstNanos(timestampNanos, ahead);
            case FramePace.Rate rate -> startNanos + (long) (frames++ * 1e9 / rate.framesPerSecond());
        };
    }
}
