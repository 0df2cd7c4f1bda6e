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
 * @param compressed bytes that compressed records have in files; not shown where none is
 * @param cutFrames frames taken that are not kept, as their conversation has had its bytes; not shown where all are kept
 * @param cutBytes captured bytes that are not kept, of these and of frames that are sliced; not shown where all are kept
 * @param forgotten conversations that begin anew, as there was no memory for more; not shown where none is known
 */
record RecordCounts(
        Counter frames,
        Counter bytes,
        Counter files,
        Counter refused,
        Counter lost,
        Counter pauses,
        Counter removed,
        Counter recovered,
        Counter compressed,
        Counter cutFrames,
        Counter cutBytes,
        Counter forgotten) {
    /** Counts frames that are in no file; any thread. */
    synchronized void lose(long count) {
        lost.add(count);
    }

    /** Counts files removed; any thread. */
    synchronized void remove(long count) {
        removed.add(count);
    }

    static RecordCounts of(HandlerContext context, RecordSettings settings) {
        boolean cut = !settings.keep().everything();
        return new RecordCounts(
                context.counter("written", "frames"),
                context.counter("written", "bytes"),
                context.counter("written", "files"),
                context.counter("refused", "frames"),
                context.counter("lost", "frames"),
                context.counter("paused", "times"),
                context.counter("removed", "files"),
                context.counter("recovered", "files"),
                shown(settings.compression() == Compression.ZSTD, context, "compressed", "bytes"),
                shown(cut, context, "cut", "frames"),
                shown(cut, context, "cut", "bytes"),
                shown(settings.keep().flowBytes() > 0, context, "forgotten", "flows"));
    }

    private static Counter shown(boolean on, HandlerContext context, String row, String column) {
        return on ? context.counter(row, column) : new Counter();
    }
}
