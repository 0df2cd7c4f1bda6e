package io.ringtap.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A report of what a reload did to each part of a configuration.
 *
 * @param captures all that there are now, and those that have ended with it
 * @param streams likewise
 * @param keys further keys whose values have changed, such as {@code metrics.listen}
 */
public record ReloadReport(List<Part> captures, List<Part> streams, List<String> keys) {
    /** What became of a part. */
    public enum Change {
        /** It goes on as if nothing had been. */
        UNCHANGED("is unchanged"),
        /** It goes on with another filter: a capture only. */
        FILTERED("has another filter"),
        /** It has ended, and begun again with other settings. */
        RESTARTED("is restarted"),
        /** It is new. */
        STARTED("is started"),
        /** It is not configured any more. */
        ENDED("has ended");

        private final String words;

        Change(String words) {
            this.words = words;
        }

        /** The name used in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A capture or stream by its name, and what became of it. */
    public record Part(String name, Change change) {}

    /** Keeps the lists as they are now. */
    public ReloadReport {
        captures = List.copyOf(captures);
        streams = List.copyOf(streams);
        keys = List.copyOf(keys);
    }

    /** In a line, such as {@code capture uplink has another filter; stream beacon is restarted}. */
    public String text() {
        List<String> changes = new ArrayList<>();
        add(changes, "capture ", captures);
        add(changes, "stream ", streams);
        keys.forEach(key -> changes.add(key + " is changed"));
        return changes.isEmpty() ? "nothing has changed" : String.join("; ", changes);
    }

    private static void add(List<String> changes, String kind, List<Part> parts) {
        changes.addAll(parts.stream()
                .filter(part -> part.change() != Change.UNCHANGED)
                .map(part -> kind + part.name() + " " + part.change().words)
                .collect(Collectors.toList()));
    }
}
