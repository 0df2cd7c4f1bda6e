package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of an enum's constants, spelt in lower case with hyphens. */
public final class Choice {
    private Choice() {}

    /** The constant that is spelt so. @throws IllegalArgumentException that says which there are */
    public static <E extends Enum<E>> E of(Class<E> type, String text) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> spelling(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be " + none(type, text)));
    }

    private static <E extends Enum<E>> String none(Class<E> type, String text) {
        List<String> choices = spellings(type);
        String all = choices.stream().map(Quoted::of).collect(Collectors.joining(" or "));
        return all + ", not " + Quoted.of(text) + Suggestion.hint(text, choices);
    }

    /** How all constants are spelt. */
    static <E extends Enum<E>> List<String> spellings(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(Choice::spelling).toList();
    }

    /** How a constant is spelt. */
    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
