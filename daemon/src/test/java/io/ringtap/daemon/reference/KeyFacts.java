package io.ringtap.daemon.reference;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import java.util.Optional;

/** What a key takes and what its default is, as sentences. */
final class KeyFacts {
    private KeyFacts() {}

    /** Without a default where an example stands for a key that has none of its own. */
    static String sentences(Key<?> key, Optional<String> example) {
        return "Values: " + values(key.kind()) + "."
                + defaultOf(key, example)
                        .map(value -> " Default: " + value + ".")
                        .orElse("");
    }

    /** A default, as TOML, unless an example stands for it. */
    static Optional<String> defaultOf(Key<?> key, Optional<String> example) {
        return key.defaultToml()
                .filter(value -> example.isEmpty() || example.get().equals(value));
    }

    private static String values(Kind<?> kind) {
        String limits = kind.limits();
        return switch (kind) {
            case Kind.Text _ -> "a text";
            case Kind.Whole _ -> "a whole number " + limits;
            case Kind.Decimal _ -> "a number " + limits;
            case Kind.Size _ -> "a size " + limits;
            case Kind.Time _ -> "a time " + limits;
            default -> limits;
        };
    }
}
