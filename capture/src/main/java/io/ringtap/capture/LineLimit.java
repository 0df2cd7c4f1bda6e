package io.ringtap.capture;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps what repeats from filling the log: so many lines in so long are written, those beyond are counted, and told of with
 * the next that is. Any thread.
 */
public final class LineLimit {
    /** Lines that are written in a minute at most, where nothing else is said. */
    public static final int LINES_A_MINUTE = 10;

    private final int most;
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private long from;
    private int lines;
    private long leftOut;

    /** None is written yet; {@value #LINES_A_MINUTE} a minute will be. */
    public LineLimit() {
        this(System::nanoTime);
    }

    /** With another clock than {@link System#nanoTime}. */
    public LineLimit(LongSupplier nanoTime) {
        this(LINES_A_MINUTE, Duration.ofMinutes(1), nanoTime);
    }

    /** With a limit of its own: {@code most} lines in each {@code period}. */
    public LineLimit(int most, Duration period, LongSupplier nanoTime) {
        this.most = most;
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
        from = nanoTime.getAsLong();
    }

    /** Returns what a line that may be written now is to end with: of those left out before, or nothing. Absent: leave it out, too. */
    public synchronized Optional<String> lineEnd() {
        long now = nanoTime.getAsLong();
        if (now - from >= periodNanos) {
            from = now;
            lines = 0;
        }
        if (lines == most) {
            leftOut++;
            return Optional.empty();
        }
        lines++;
        String end = leftOut == 0 ? "" : " (lines left out before this one: " + leftOut + ")";
        leftOut = 0;
        return Optional.of(end);
    }

    /** Lines left out since the last that was written, or since the last call. */
    public synchronized long takeLeftOut() {
        long taken = leftOut;
        leftOut = 0;
        return taken;
    }
}
