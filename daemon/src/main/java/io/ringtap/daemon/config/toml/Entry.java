package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.Quoted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of the configuration with the place where it was given; the place of a key is where its key stands. */
public sealed interface Entry {
    /** Where it was given. */
    Place place();

    /** Returns what it is, for "must be X, not Y". */
    String describe();

    /** Returns what it says, wherever it was given: equal for entries that say the same. */
    Object content();

    /**
     * A single value.
     *
     * @param value a String, Long, Double, Boolean, or a date or time of java.time
     * @param bareText what an option gave, which stands for itself where a text is wanted: {@code capture.name=7}
     */
    record Scalar(Place place, Object value, Optional<String> bareText) implements Entry {
        /** A text. */
        public static Scalar text(Place place, String text) {
            return new Scalar(place, text, Optional.empty());
        }

        /** The text, if it is one. */
        public Optional<String> text() {
            return value instanceof String text ? Optional.of(text) : bareText;
        }

        @Override
        public Object content() {
            return List.of(value, bareText);
        }

        @Override
        public String describe() {
            return switch (value) {
                case String text -> Quoted.of(text);
                case Long number -> "the number " + number;
                case Double number -> "the number " + number;
                case Boolean flag -> flag.toString();
                default -> "a date or time";
            };
        }
    }

    /** A list. */
    record Items(Place place, List<Entry> entries) implements Entry {
        public Items {
            entries = List.copyOf(entries);
        }

        @Override
        public Object content() {
            return entries.stream().map(Entry::content).toList();
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** A table; mutable, so that options can be put into it. */
    record Table(Place place, Map<String, Entry> entries) implements Entry {
        @Override
        public Object content() {
            Map<String, Object> contents = new HashMap<>();
            entries.forEach((key, entry) -> contents.put(key, entry.content()));
            return contents;
        }

        @Override
        public String describe() {
            return "a table";
        }
    }
}
