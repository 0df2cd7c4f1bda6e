package io.ringtap.frame;

import java.util.Map;
import java.util.Optional;

/**
 * An answer of a handler to the daemon, which asks by name: see {@link HandlerContext#answer}. All is called on the handler's
 * own thread, between frames, so fields need no locks.
 */
@FunctionalInterface
public interface Answer {
    /**
     * Begins an answer.
     *
     * @param parameters what the asker has given, by name
     * @throws IllegalArgumentException if a parameter cannot be used; the message, a line, is told to the asker
     */
    Slices begin(Map<String, String> parameters);

    /** An answer that is being worked out. */
    @FunctionalInterface
    interface Slices {
        /**
         * Works on for a short time, 100 µs or so: frames wait meanwhile. The answer, a JSON value; empty if there is more
         * to do, for which it is called again.
         */
        Optional<String> next();
    }
}
