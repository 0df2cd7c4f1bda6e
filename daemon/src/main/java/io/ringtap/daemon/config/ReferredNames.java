package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The things of a kind that there are, and where handlers name one; handlers may be read before what they name, so what fits shows
 * at the end.
 */
final class ReferredNames {
    private final String kind;
    private final String none;
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Reference> references = new ArrayList<>();

    private record Reference(Section section, String key, String name) {}

    /** None yet. {@code none} says that there is none. */
    private ReferredNames(String kind, String none) {
        this.kind = kind;
        this.none = none;
    }

    /** The streams. */
    static ReferredNames ofStreams() {
        return new ReferredNames("stream", "there is no [[inject]]");
    }

    /** The flight recorders. */
    static ReferredNames ofRecorders() {
        return new ReferredNames("flight recorder", "there is no handler of type \"flight-recorder\"");
    }

    /** There is one of that name, though it may have problems of its own. */
    void add(String name) {
        names.add(name);
    }

    /** A handler names one. */
    void refer(Section section, String key, String name) {
        references.add(new Reference(section, key, name));
    }

    /** Notes every reference to one that is not there. */
    void reportUnknown() {
        references.stream()
                .filter(reference -> !names.contains(reference.name()))
                .forEach(reference -> reference.section().problem(reference.key(), problem(reference.name())));
    }

    private String problem(String name) {
        String hint = Suggestion.hint(name, names);
        String others = names.isEmpty()
                ? ": " + none
                : ": there is "
                        + String.join(", ", names.stream().map(Quoted::bare).toList());
        return "there is no " + kind + " " + Quoted.of(name) + (hint.isEmpty() ? others : hint);
    }
}
