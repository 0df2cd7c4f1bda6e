package io.ringtap.ledger;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A time in which no frame could come from an interface, or go to it.
 *
 * @param from when that was seen, by the wall clock: at once where an interface was set down or went, up to 0.5 s late where
 *     its carrier was lost
 * @param to when it was seen to be over, up to 0.1 s late; absent while it lasts
 * @param nanos how long it took, or has taken so far, by a clock that never jumps
 * @param cause why; of several in turn, the one that comes last in {@link Cause}
 * @param detail what the system said, for {@link Cause#REFUSED}; else empty
 */
public record Gap(Instant from, Optional<Instant> to, long nanos, Cause cause, String detail) {
    /** Why nothing could come or go, the least grave first. */
    public enum Cause {
        /** The interface is up, and its link is not: a cable that is out, a peer that is down. */
        NO_CARRIER("has no carrier"),
        /** The interface is there, set down. */
        DOWN("is down"),
        /** There is no interface of that name, or another one than before. */
        MISSING("is missing"),
        /** The interface is there, and cannot be opened: no permission, no memory, no descriptor left. */
        REFUSED("cannot be opened");

        private final String sentence;

        Cause(String sentence) {
            this.sentence = sentence;
        }

        /** The name used in JSON and metrics. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns what is said of the interface. */
        public String sentence() {
            return sentence;
        }
    }
}
