package io.ringtap.inject;

import io.ringtap.ledger.InjectCounts;

/**
 * A configured stream at a moment.
 *
 * @param counts what it has counted, over all its starts
 * @param state what it is doing
 * @param schedule when its frames fall due, as last told
 * @param count frames after which it ends, at each start; 0 for never
 * @param starts how often it was started, the automatic start included
 * @param loops how often the loop guard stopped it
 */
public record StreamStatus(
        InjectCounts counts, StreamState state, Schedule schedule, long count, long starts, long loops) {
    /** The same with other counts. */
    public StreamStatus counting(InjectCounts others) {
        return new StreamStatus(others, state, schedule, count, starts, loops);
    }
}
