package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The streams there are, and where handlers name one; handlers are read before streams, so what fits shows at the end. */
final class StreamNames {
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Reference> references = new ArrayList<>();

    private record Reference(Section section, String key, String name) {}

    /** There is a stream of that name, though it may have problems of its own. */
    void add(String name) {
        names.add(name);
    }

    /** A handler names a stream. */
    void refer(Section section, String key, String name) {
        references.add(new Reference(section, key, name));
    }

    /** Notes every reference to a stream that is not there. */
    void reportUnknown() {
        references.stream()
                .filter(reference -> !names.contains(reference.name()))
                .forEach(reference -> reference.section().problem(reference.key(), problem(reference.name())));
    }

    private String problem(String name) {
        String hint = Suggestion.hint(name, names);
        String others = names.isEmpty()
                ? ": there is no [[inject]]"
                : ": there is "
                        + String.join(", ", names.stream().map(Quoted::bare).toList());
        return "there is no stream " + Quoted.of(name) + (hint.isEmpty() ? others : hint);
    }
}
