package io.ringtap.daemon.config;

import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The captures that workers and streams can name: those with problems of their own too, or their users had some. */
final class CaptureNames {
    private final List<Named> captures = new ArrayList<>();

    private final UnaryOperator<String> deviceOf;

    /** None yet; {@code deviceOf} gives the one name that all names of an interface stand for. */
    CaptureNames(UnaryOperator<String> deviceOf) {
        this.deviceOf = deviceOf;
    }

    private record Named(String name, Optional<String> interfaceName) {}

    void add(String name, Optional<String> interfaceName) {
        captures.add(new Named(name, interfaceName));
    }

    List<String> names() {
        return captures.stream().map(Named::name).toList();
    }

    /** Returns what is wrong with a reference to a capture, if anything. */
    Optional<String> problemWith(String name) {
        if (names().contains(name)) {
            return Optional.empty();
        }
        String hint = Suggestion.hint(name, names());
        String others = hint.isEmpty() && !captures.isEmpty() ? ": there is " + list() : hint;
        return Optional.of("there is no capture " + Quoted.of(name) + others);
    }

    /** The capture whose frames a stream on an interface counts if it does not say: the only one there, or at all. */
    Optional<String> countedBy(String interfaceName) {
        String device = deviceOf.apply(interfaceName);
        List<String> there = captures.stream()
                .filter(each -> each.interfaceName().map(deviceOf).equals(Optional.of(device)))
                .map(Named::name)
                .toList();
        List<String> candidates = there.isEmpty() ? names() : there;
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    /** The names, for messages. */
    String list() {
        return String.join(", ", names().stream().map(Quoted::bare).toList());
    }
}
