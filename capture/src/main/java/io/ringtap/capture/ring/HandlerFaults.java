package io.ringtap.capture.ring;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one handler instance threw: the first of each kind is logged with its stack, all are counted, and
 * the count of each kind is logged at the end. For that thread only.
 */
final class HandlerFaults {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerFaults.class);

    /** Kinds are exception classes; a handler that invents new ones is counted under the last. */
    private static final int MOST_KINDS = 64;

    private final String worker;
    private final Map<String, Long> counts = new LinkedHashMap<>();

    HandlerFaults(String worker) {
        this.worker = worker;
    }

    void count(String handler, String action, Throwable thrown) {
        String kind =
                "handler " + handler + ": " + action + ": " + thrown.getClass().getName();
        if (counts.size() >= MOST_KINDS && !counts.containsKey(kind)) {
            kind = "handler " + handler + ": other kinds";
        }
        if (counts.merge(kind, 1L, Long::sum) == 1) {
            log(
                    kind,
                    action.equals("onFrame") ? "the frame counts as failed, the worker goes on" : "the worker goes on",
                    thrown);
        }
    }

    private void log(String kind, String outcome, Throwable thrown) {
        String line = "worker {}: {}; {}; this kind is only counted from now on";
        try {
            LOG.error(line, worker, kind, outcome, thrown);
        } catch (Throwable e) {
            // its getMessage() is the handler's own code, and has thrown too
            LOG.error(line, worker, kind, outcome);
        }
    }

    void logTotals() {
        counts.forEach((kind, count) -> {
            if (count > 1) {
                LOG.error("worker {}: {}: {} times in all", worker, kind, count);
            }
        });
    }
}
