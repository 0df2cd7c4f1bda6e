package io.ringtap.capture.ring;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exceptions of one handler instance: the first of each kind is logged with its stack, all are counted, and the count of
 * each kind is logged at the end. For that thread only.
 */
final class HandlerFaults {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.handler");

    /** Kinds are exception classes; a handler that invents new ones is counted under the last. */
    private static final int MOST_KINDS = 64;

    private static final String OTHER_KINDS = "other kinds";

    private final String worker;
    private final List<Kind> kinds = new ArrayList<>();

    /** One kind, told apart without making anything: a handler may throw on every frame. */
    private static final class Kind {
        private final String handler;
        private final String action;
        private final Class<?> thrown;
        private long count;

        Kind(String handler, String action, Class<?> thrown) {
            this.handler = handler;
            this.action = action;
            this.thrown = thrown;
        }

        boolean is(String ofHandler, String inAction, Class<?> what) {
            return thrown == what && action.equals(inAction) && handler.equals(ofHandler);
        }

        @Override
        public String toString() {
            return "handler " + handler + ": " + action + (thrown == null ? "" : ": " + thrown.getName());
        }
    }

    HandlerFaults(String worker) {
        this.worker = worker;
    }

    void count(String handler, String action, Throwable thrown) {
        Kind kind = find(handler, action, thrown.getClass());
        if (kind == null && kinds.size() >= MOST_KINDS) {
            kind = find(handler, OTHER_KINDS, null);
        }
        if (kind == null) {
            boolean full = kinds.size() >= MOST_KINDS;
            kind = full ? new Kind(handler, OTHER_KINDS, null) : new Kind(handler, action, thrown.getClass());
            kinds.add(kind);
            log(
                    kind.toString(),
                    action.equals("onFrame") ? "the frame counts as failed, the worker goes on" : "the worker goes on",
                    thrown);
        }
        kind.count++;
    }

    private Kind find(String handler, String action, Class<?> thrown) {
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i).is(handler, action, thrown)) {
                return kinds.get(i);
            }
        }
        return null;
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
        for (Kind kind : kinds) {
            if (kind.count > 1) {
                LOG.error("worker {}: {}: {} times in all", worker, kind, kind.count);
            }
        }
    }
}
