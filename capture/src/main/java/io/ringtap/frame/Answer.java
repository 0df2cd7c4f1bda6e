package io.ringtap.frame;

import java.util.HexFormat;
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

    /** Returns a text as JSON, in quotation marks, what may not stand in a JSON string escaped (RFC 8259, section 7). */
    static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

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
