package io.ringtap.daemon.config.toml;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A key of a table: the values it takes, and what holds where it is not given. Readers read it, and the manual, the schema and
 * the commented configuration say it.
 *
 * @param kind what it takes
 * @param fallback its default; absent where that follows from other keys, or there is none
 */
public record Key<T>(String name, Kind<T> kind, Optional<T> fallback) {
    /** One without a default of its own. */
    public static <T> Key<T> of(String name, Kind<T> kind) {
        return new Key<>(name, kind, Optional.empty());
    }

    /** A text. */
    public static Key<String> text(String name, String fallback) {
        return new Key<>(name, new Kind.Text(), Optional.of(fallback));
    }

    /** A text without a default of its own. */
    public static Key<String> text(String name) {
        return of(name, new Kind.Text());
    }

    /** True or false. */
    public static Key<Boolean> flag(String name, boolean fallback) {
        return new Key<>(name, new Kind.Flag(), Optional.of(fallback));
    }

    /** A whole number from {@code least} to {@code most}. */
    public static Key<Long> whole(String name, long fallback, long least, long most) {
        return new Key<>(name, new Kind.Whole(least, most, false), Optional.of(fallback));
    }

    /** A whole number from {@code least} to {@code most}, or a word that means another, without a default of its own. */
    public static Key<Long> wholeOr(String name, String word, long meant, long least, long most) {
        return of(name, Kind.Several.wholeOr(word, meant, least, most));
    }

    /** A size from {@code least} to {@code most} bytes. */
    public static Key<Long> size(String name, long fallback, long least, long most) {
        return new Key<>(name, new Kind.Size(least, most, false), Optional.of(fallback));
    }

    /** A time from {@code least} to {@code most}. */
    public static Key<Duration> time(String name, Duration fallback, Duration least, Duration most) {
        return new Key<>(name, new Kind.Time(least, most, false), Optional.of(fallback));
    }

    /** A time above 0, and at most {@code most}, without a default of its own. */
    public static Key<Duration> time(String name, Duration most) {
        return of(name, new Kind.Time(Kind.Time.STEP, most, false));
    }

    /** One of an enum's constants, spelt in lower case with hyphens. */
    public static <E extends Enum<E>> Key<E> choice(String name, E fallback) {
        return new Key<>(name, Kind.OneOf.of(fallback.getDeclaringClass()), Optional.of(fallback));
    }

    /** One of an enum's constants, without a default. */
    public static <E extends Enum<E>> Key<E> choice(String name, Class<E> type) {
        return of(name, Kind.OneOf.of(type));
    }

    /** Some of an enum's constants; by default none. */
    public static <E extends Enum<E>> Key<EnumSet<E>> choices(String name, Class<E> type) {
        return new Key<>(name, new Kind.SomeOf<>(type), Optional.of(EnumSet.noneOf(type)));
    }

    /** A list of texts; by default none. */
    public static Key<List<Entry.Scalar>> texts(String name) {
        return new Key<>(name, new Kind.Texts(), Optional.of(List.of()));
    }

    /** A list of whole numbers from {@code least} to {@code most}; by default none. */
    public static Key<List<Integer>> wholes(String name, int least, int most) {
        return new Key<>(name, new Kind.Wholes(least, most), Optional.of(List.of()));
    }

    /** A text that a parser takes, which throws IllegalArgumentException with a message, without a default of its own. */
    public static <T> Key<T> form(String name, String what, Function<String, T> parser) {
        return of(name, new Kind.Form<>(what, "", parser));
    }

    /** Its default, as a configuration has it. */
    public Optional<String> defaultToml() {
        return fallback.map(kind::toml);
    }
}
