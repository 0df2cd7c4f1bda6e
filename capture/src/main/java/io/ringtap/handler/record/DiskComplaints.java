package io.ringtap.handler.record;

import io.ringtap.capture.LineLimit;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines about what a disk refuses, with a limit: one that fails does so for every file. Any thread. */
final class DiskComplaints {
    private static final Logger LOG = LoggerFactory.getLogger(DiskComplaints.class);

    private final LineLimit limit = new LineLimit();

    void tell(String what, IOException e) {
        limit.lineEnd().ifPresent(end -> LOG.error("record: {}: {}{}", what, DiskFault.reason(e), end));
    }
}
