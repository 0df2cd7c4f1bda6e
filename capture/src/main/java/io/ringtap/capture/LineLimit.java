package io.ringtap.capture;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps what repeats from filling the log: {@value #LINES_A_MINUTE} lines a minute are written, those beyond are counted, and
 * told of with the next that is. Any thread.
 */
public final class LineLimit {
    /** Lines that are written in a minute at most. */
    public static final int LINES_A_MINUTE = 10;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long minuteFrom;
    private int lines;
    private long leftOut;

    /** None is written yet. */
    public LineLimit() {
        this(System::nanoTime);
    }

    /** With another clock than {@link System#nanoTime}. */
    public LineLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        minuteFrom = nanoTime.getAsLong();
    }

    /** What a line that may be written now is to end with: of those left out before, or nothing. Absent: leave it out, too. */
    public synchronized Optional<String> lineEnd() {
        long now = nanoTime.getAsLong();
        if (now - minuteFrom >= MINUTE) {
            minuteFrom = now;
            lines = 0;
        }
        if (lines == LINES_A_MINUTE) {
            leftOut++;
            return Optional.empty();
        }
        lines++;
        String end = leftOut == 0 ? "" : " (lines left out before this one: " + leftOut + ")";
        leftOut = 0;
        return Optional.of(end);
    }
}
