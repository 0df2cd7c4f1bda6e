package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.capture.LineLimit;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines about what a disk refuses, with a limit: one that fails does so for every file. Any thread. */
final class DiskComplaints {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.record");

    private final LineLimit limit;

    /** None told yet. */
    DiskComplaints(LongSupplier nanoTime) {
        limit = new LineLimit(nanoTime);
    }

    void tell(String what, IOException e) {
        limit.lineEnd().ifPresent(end -> LOG.error("record: {}: {}{}", what, DiskFault.reason(e), end));
    }
}
