package io.ringtap.daemon.control;

import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log tells of calls: each that changes something, with the user that made it; and those that are refused or fail, which
 * anybody may repeat as fast as he can: so many a minute, the rest counted. Any thread.
 */
final class CallLog {
    /** Of those refused or failed, this many are told in a minute. */
    static final int LINES_A_MINUTE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long minuteFrom;
    private int lines;
    private long leftOut;

    CallLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        minuteFrom = nanoTime.getAsLong();
    }

    /** A user makes a call that changes something, or tries to. */
    void asked(String call, UserPrincipal user, boolean permitted) {
        if (permitted) {
            LOG.info("control: {} by user {}", call, UserNumber.named(user));
        } else if (isTold()) {
            LOG.warn("control: {} by user {}: refused{}", call, UserNumber.named(user), before());
        }
    }

    /** A call threw, which is a defect: once with its stack. */
    void failed(String call, Throwable thrown) {
        if (isTold()) {
            LOG.warn("control: the call {} failed{}", call, before(), thrown);
        }
    }

    private synchronized boolean isTold() {
        long now = nanoTime.getAsLong();
        if (now - minuteFrom >= MINUTE) {
            minuteFrom = now;
            lines = 0;
        }
        boolean told = lines < LINES_A_MINUTE;
        if (told) {
            lines++;
        } else {
            leftOut++;
        }
        return told;
    }

    private synchronized String before() {
        String note = leftOut == 0 ? "" : " (lines left out before this one: " + leftOut + ")";
        leftOut = 0;
        return note;
    }
}
