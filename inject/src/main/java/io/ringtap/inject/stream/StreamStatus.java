package io.ringtap.inject.stream;

import io.ringtap.inject.config.InjectConfig;
import io.ringtap.ledger.InjectCounts;
import org.jspecify.annotations.NullMarked;

/**
 * A configured stream at a moment.
 *
 * @param counts what it has counted, over all its starts
 * @param state what it is doing
 * @param config what it was told, last
 * @param starts how often it was started, the automatic start included
 * @param loops how often the loop guard stopped it
 */
@NullMarked
public record StreamStatus(InjectCounts counts, StreamState state, InjectConfig config, long starts, long loops) {
    /** The same with other counts. */
    public StreamStatus counting(InjectCounts others) {
        return new StreamStatus(others, state, config, starts, loops);
    }
}
