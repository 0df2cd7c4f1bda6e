package io.ringtap.daemon;

import io.ringtap.Tap;
import java.util.function.LongSupplier;

/**
 * The number of frames published under a capture's name, over all captures that have had it: streams follow it, and go on when
 * the capture is replaced. Any thread asks; one at a time changes it.
 */
final class PublishedFrames implements LongSupplier {
    private volatile Count count = new Count(0, null);

    /** By those that have ended, and the one that runs, null for none. */
    private record Count(long before, Tap tap) {
        long sum() {
            return tap == null ? before : before + tap.published();
        }
    }

    @Override
    public long getAsLong() {
        return count.sum();
    }

    /** A capture has the name from now on. */
    void begin(Tap tap) {
        count = new Count(count.before, tap);
    }

    /** That capture has ended: its count is final. */
    void end() {
        count = new Count(count.sum(), null);
    }
}
