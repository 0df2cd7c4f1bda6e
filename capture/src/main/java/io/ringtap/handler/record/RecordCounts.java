package io.ringtap.handler.record;

import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;

/**
 * The counts that a recording publishes. Frames that were taken (delivered, in the ledger) are written, lost, or still in
 * memory.
 *
 * @param frames written to files, whole
 * @param bytes written to files, without the files' own headers
 * @param files that got their name
 * @param refused frames refused while recording was paused: failed, in the ledger
 * @param lost frames taken that were still in memory when recording ended, while the disk took nothing; and those written to a
 *     file that was removed before it had its name
 * @param pauses how often the disk took nothing
 * @param removed files removed to keep to the limits
 * @param recovered files left behind by an earlier run, cut to their last whole record
 */
record RecordCounts(
        Counter frames,
        Counter bytes,
        Counter files,
        Counter refused,
        Counter lost,
        Counter pauses,
        Counter removed,
        Counter recovered) {
    /** Counts frames that are in no file; any thread. */
    synchronized void lose(long count) {
        lost.add(count);
    }

    /** Counts files removed; any thread. */
    synchronized void remove(long count) {
        removed.add(count);
    }

    static RecordCounts of(HandlerContext context) {
        return new RecordCounts(
                context.counter("written", "frames"),
                context.counter("written", "bytes"),
                context.counter("written", "files"),
                context.counter("refused", "frames"),
                context.counter("lost", "frames"),
                context.counter("paused", "times"),
                context.counter("removed", "files"),
                context.counter("recovered", "files"));
    }
}
