package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.Quoted;

/**
 * One thing wrong with a configuration.
 *
 * @param place where it was given
 * @param key the key it is about, dotted, such as {@code capture.buffer}; empty if it is not about one
 * @param message what is wrong, and what would be right
 */
public record Problem(Place place, String key, String message) {
    /** The line users see: {@code file:line:column: key: what is wrong}. */
    @Override
    public String toString() {
        boolean placeNamesKey =
                place instanceof Place.Option option && option.key().equals(key);
        return place + ": " + (key.isEmpty() || placeNamesKey ? "" : Quoted.bare(key) + ": ") + message;
    }
}
