package io.ringtap.daemon.page;

import java.time.Instant;
import java.util.Optional;

/**
 * Something on the time line.
 *
 * @param kind what it is
 * @param from when it was seen
 * @param to when it was over; absent while it lasts
 * @param what in a few words
 * @param cause why, in words
 * @param cure what to do about it, in words; empty if there is nothing to do
 */
record Mark(Kind kind, Instant from, Optional<Instant> to, String what, String cause, String cure) {
    /** A kind of mark. */
    enum Kind {
        /** Frames were lost. */
        LOSS,
        /** No frame could come or go. */
        GAP,
        /** The configuration was read again. */
        RELOAD
    }
}
