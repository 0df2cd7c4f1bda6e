package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.daemon.config.value.Quoted;
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
    static final Key<String> NAME = Key.form("name", "the name of an interface", InterfaceName::parse);
    static final Key<SendRate> MAX_RATE = Key.of("max-rate", InjectKeys.sendRate());
    static final Schema TABLE = Schema.tables(ConfigKeys.INTERFACE, List.of(NAME, MAX_RATE));

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
        Optional<String> name = section.given(NAME);
        if (!section.has(NAME)) {
            section.problem(NAME, "needs a value: the interface that is meant");
        }
        name.ifPresent(each -> check(each, section));
        Optional<SendRate> maxRate = section.given(MAX_RATE);
        if (!section.has(MAX_RATE)) {
            section.problem(MAX_RATE, "needs a value: what the interface sends, at most");
        }
        return name.flatMap(each -> maxRate.map(rate -> new InterfaceLimit(each, rate)));
    }

    private void check(String name, Section section) {
        names.take(name, section);
        String device = deviceOf.apply(name);
        String before = given.putIfAbsent(device, name);
        if (before != null && !before.equals(name)) {
            section.problem(
                    NAME,
                    Quoted.of(name) + " is another name of " + Quoted.of(before)
                            + ", of which a table says what it sends: an interface has one");
        }
        if (used.stream().map(deviceOf).noneMatch(device::equals)) {
            section.problem(NAME, "nothing captures or sends on " + Quoted.of(name) + Suggestion.hint(name, used));
        }
    }
}
