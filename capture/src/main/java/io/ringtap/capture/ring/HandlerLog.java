package io.ringtap.capture.ring;

import io.ringtap.capture.LineLimit;
import io.ringtap.frame.HandlerContext;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The lines that one handler instance logs: so many a second, the rest counted. For its thread. */
final class HandlerLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.handler");

    /** What a frame's content may have brought in, and what would make two lines of one. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String origin;
    private final LineLimit limit;

    /**
     * Nothing logged yet.
     *
     * @param origin what each line begins with
     */
    HandlerLog(String origin, LongSupplier nanoTime) {
        this.origin = origin;
        limit = new LineLimit(HandlerContext.LINES_A_SECOND, Duration.ofSeconds(1), nanoTime);
    }

    void log(Level level, String line) {
        limit.lineEnd()
                .ifPresent(end -> LOG.atLevel(level)
                        .log("{}: {}{}", origin, CONTROL.matcher(line).replaceAll("?"), end));
    }

    /** Tells what was left out last. */
    void end() {
        long leftOut = limit.takeLeftOut();
        if (leftOut > 0) {
            LOG.info("{}: lines left out at its end: {}", origin, leftOut);
        }
    }
}
