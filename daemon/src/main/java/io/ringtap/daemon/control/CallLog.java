package io.ringtap.daemon.control;

import io.ringtap.capture.LineLimit;
import java.nio.file.attribute.UserPrincipal;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of calls: it tells each that changes something, with the user that made it; and those that are refused or fail,
 * which anybody may repeat as fast as he can: so many a minute, the rest counted. Any thread.
 */
final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");

    private final LineLimit limit;

    CallLog(LongSupplier nanoTime) {
        limit = new LineLimit(nanoTime);
    }

    /** A user makes a call that changes something, or tries to. */
    void asked(String call, UserPrincipal user, boolean permitted) {
        if (permitted) {
            LOG.info("control: {} by user {}", call, UserNumber.named(user));
        } else {
            limit.lineEnd()
                    .ifPresent(end -> LOG.warn("control: {} by user {}: refused{}", call, UserNumber.named(user), end));
        }
    }

    /** A call threw, which is a defect: once with its stack. */
    void failed(String call, Throwable thrown) {
        limit.lineEnd().ifPresent(end -> LOG.warn("control: the call {} failed{}", call, end, thrown));
    }
}
