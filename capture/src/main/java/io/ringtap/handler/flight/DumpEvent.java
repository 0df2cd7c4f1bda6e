package io.ringtap.handler.flight;

import io.ringtap.frame.TimeText;

/**
 * Why there is a dump.
 *
 * @param reason a line
 * @param who has asked for it; empty if that is not known
 * @param atNanos when it was, by the frames' clock, nanoseconds since 1970
 */
record DumpEvent(String reason, String who, long atNanos) {
    /** Whatever a client or a handler gives is a line. */
    static DumpEvent of(String reason, String who, long atNanos) {
        return new DumpEvent(line(reason), line(who), atNanos);
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** Reason, who and when, for the file's comments and the log. */
    String text() {
        return reason + (who.isEmpty() ? "" : ", by " + who) + ", at " + TimeText.ofEpochNanos(atNanos);
    }
}
