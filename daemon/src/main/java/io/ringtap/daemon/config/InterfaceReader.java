package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.config.SendRate;
import java.util.List;
import java.util.Optional;

/** Reads {@code [[interface]]} tables. */
final class InterfaceReader {
    private final List<String> used;
    private final UniqueNames names = new UniqueNames();

    /** Reads those of interfaces that are used. */
    InterfaceReader(List<String> used) {
        this.used = used;
    }

    /** What the interface may send, absent if it cannot be. */
    Optional<InterfaceLimit> read(Section section) {
        Optional<String> name = section.parsed("name", InterfaceName::parse);
        if (!section.has("name")) {
            section.problem("name", "needs a value: the interface that is meant");
        }
        name.ifPresent(given -> {
            names.take(given, section);
            if (!used.contains(given)) {
                section.problem(
                        "name", "nothing captures or sends on " + Quoted.of(given) + Suggestion.hint(given, used));
            }
        });
        Optional<SendRate> maxRate = section.rate("max-rate", StreamRate::parse);
        if (!section.has("max-rate")) {
            section.problem("max-rate", "needs a value: what the interface sends, at most");
        }
        return name.flatMap(given -> maxRate.map(rate -> new InterfaceLimit(given, rate)));
    }
}
