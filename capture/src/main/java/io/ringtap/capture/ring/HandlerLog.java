package io.ringtap.capture.ring;

import io.ringtap.frame.HandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The lines that one handler instance logs: so many a second, the rest counted. For its thread. */
final class HandlerLog {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerLog.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What a frame's content may have brought in, and what would make two lines of one. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String origin;
    private final LongSupplier nanoTime;
    private long secondFrom;
    private int lines;
    private long leftOut;

    /**
     * Nothing logged yet.
     *
     * @param origin what each line begins with
     */
    HandlerLog(String origin, LongSupplier nanoTime) {
        this.origin = origin;
        this.nanoTime = nanoTime;
        secondFrom = nanoTime.getAsLong();
    }

    void log(Level level, String line) {
        long now = nanoTime.getAsLong();
        if (now - secondFrom >= SECOND) {
            secondFrom = now;
            lines = 0;
        }
        if (lines == HandlerContext.LINES_A_SECOND) {
            leftOut++;
            return;
        }
        lines++;
        LOG.atLevel(level).log("{}: {}{}", origin, CONTROL.matcher(line).replaceAll("?"), leftOut());
    }

    private String leftOut() {
        String note = leftOut == 0 ? "" : " (lines left out before this one: " + leftOut + ")";
        leftOut = 0;
        return note;
    }

    /** Tells what was left out last. */
    void end() {
        if (leftOut > 0) {
            LOG.info("{}: lines left out at its end: {}", origin, leftOut);
            leftOut = 0;
        }
    }
}
