package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.config.SendRate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads {@code [[interface]]} tables. */
final class InterfaceReader {
    private final List<String> used;
    private final UniqueNames names = new UniqueNames();

    private final UnaryOperator<String> deviceOf;

    /** By the one name that all names of an interface stand for, the name that was given first. */
    private final Map<String, String> given = new HashMap<>();

    /** Reads those of interfaces that are used; {@code deviceOf} gives the one name that all names of an interface stand for. */
    InterfaceReader(List<String> used, UnaryOperator<String> deviceOf) {
        this.used = used;
        this.deviceOf = deviceOf;
    }

    /** Returns what the interface may send, absent if it cannot be. */
    Optional<InterfaceLimit> read(Section section) {
        Optional<String> name = section.parsed("name", InterfaceName::parse);
        if (!section.has("name")) {
            section.problem("name", "needs a value: the interface that is meant");
        }
        name.ifPresent(each -> check(each, section));
        Optional<SendRate> maxRate = section.rate("max-rate", StreamRate::parse);
        if (!section.has("max-rate")) {
            section.problem("max-rate", "needs a value: what the interface sends, at most");
        }
        return name.flatMap(each -> maxRate.map(rate -> new InterfaceLimit(each, rate)));
    }

    private void check(String name, Section section) {
        names.take(name, section);
        String device = deviceOf.apply(name);
        String before = given.putIfAbsent(device, name);
        if (before != null && !before.equals(name)) {
            section.problem(
                    "name",
                    Quoted.of(name) + " is another name of " + Quoted.of(before)
                            + ", of which a table says what it sends: an interface has one");
        }
        if (used.stream().map(deviceOf).noneMatch(device::equals)) {
            section.problem("name", "nothing captures or sends on " + Quoted.of(name) + Suggestion.hint(name, used));
        }
    }
}
