package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.ByteSize;
import io.ringtap.daemon.config.value.FrameRate;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.TimeSpan;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The values that a key takes: how they are read, which are refused, and how they are written. Whoever describes a key asks
 * the kind that reads it.
 *
 * @param <T> what is made of a value
 */
public sealed interface Kind<T> {
    /** Reads a key; absent if it is not given, or what is given is refused, which is noted as a problem. */
    Optional<T> read(Section section, String key);

    /** Returns which values there are, so that it reads on after "must be"; empty for all of the type. */
    String limits();

    /** Returns what a value must be, or each item of a list: the limits, but for lists. */
    default String wanted() {
        return limits();
    }

    /** Returns a value as a configuration has it. */
    default String toml(T value) {
        return String.valueOf(value);
    }

    /** A text. */
    record Text() implements Kind<String> {
        @Override
        public Optional<String> read(Section section, String key) {
            return section.text(key);
        }

        @Override
        public String limits() {
            return "";
        }

        @Override
        public String toml(String value) {
            return quoted(value);
        }
    }

    /**
     * A text that a parser takes.
     *
     * @param what what it is, such as "an interface"
     * @param pattern what every text matches that the parser takes, a regular expression of ECMA 262; empty for any
     */
    record Form<T>(String what, String pattern, Function<String, T> parser) implements Kind<T> {
        @Override
        public Optional<T> read(Section section, String key) {
            return section.parsed(key, parser);
        }

        @Override
        public String limits() {
            return what;
        }

        @Override
        public String toml(T value) {
            return quoted(String.valueOf(value));
        }
    }

    /** True or false. */
    record Flag() implements Kind<Boolean> {
        @Override
        public Optional<Boolean> read(Section section, String key) {
            return section.flag(key);
        }

        @Override
        public String limits() {
            return "true or false";
        }
    }

    /** A whole number. */
    record Whole(long least, long most, boolean orZero) implements Kind<Long> {
        @Override
        public Optional<Long> read(Section section, String key) {
            return section.within(key, section.number(key), this::fits, this);
        }

        private boolean fits(long value) {
            return (value >= least && value <= most) || (orZero && value == 0);
        }

        @Override
        public String limits() {
            return range(Long.toString(least), most == Long.MAX_VALUE ? "" : Long.toString(most))
                    + (orZero ? ", or 0" : "");
        }
    }

    /** A number, with decimals or without. */
    record Decimal(double least, double most, boolean aboveLeast) implements Kind<Double> {
        @Override
        public Optional<Double> read(Section section, String key) {
            return section.within(key, section.decimal(key), this::fits, this);
        }

        /** NaN is within no limits. */
        private boolean fits(double value) {
            return (aboveLeast ? value > least : value >= least) && value <= most;
        }

        @Override
        public String limits() {
            return aboveLeast
                    ? "above " + plain(least) + ", and at most " + plain(most)
                    : range(plain(least), plain(most));
        }

        /** Without an exponent. */
        private static String plain(double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
    }

    /** A size in bytes: a text with a unit, or a whole number. */
    record Size(long least, long most, boolean orZero) implements Kind<Long> {
        @Override
        public Optional<Long> read(Section section, String key) {
            return section.within(key, section.bytes(key), this::fits, this);
        }

        private boolean fits(long value) {
            return (value >= least && value <= most) || (orZero && value == 0);
        }

        @Override
        public String limits() {
            return range(ByteSize.text(least), most == Long.MAX_VALUE ? "" : ByteSize.text(most))
                    + (orZero ? ", or 0" : "");
        }

        @Override
        public String toml(Long value) {
            return value == 0 ? "0" : quoted(ByteSize.text(value));
        }
    }

    /** A time: a text with a unit. */
    record Time(Duration least, Duration most, boolean orZero) implements Kind<Duration> {
        /** The finest step that there is: a least time of it is any above 0. */
        public static final Duration STEP = Duration.ofNanos(1);

        /** The longest that can be written. */
        public static final Duration ANY = Duration.ofNanos(Long.MAX_VALUE);

        @Override
        public Optional<Duration> read(Section section, String key) {
            return section.within(key, section.duration(key), this::fits, this);
        }

        private boolean fits(Duration value) {
            return (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) || (orZero && value.isZero());
        }

        @Override
        public String limits() {
            boolean endless = most.equals(ANY);
            if (least.equals(STEP)) {
                return "above 0" + (endless ? "" : ", and at most " + TimeSpan.text(most));
            }
            return range(TimeSpan.text(least), endless ? "" : TimeSpan.text(most)) + (orZero ? ", or 0 s" : "");
        }

        @Override
        public String toml(Duration value) {
            return quoted(TimeSpan.text(value));
        }
    }

    /**
     * A rate: a text with a unit, or a word in place of it.
     *
     * @param limits which rates there are
     * @param pattern what matches every rate, and nothing else of note: a regular expression of ECMA 262
     */
    record Rate<T>(String limits, String pattern, Function<String, T> parser) implements Kind<T> {
        @Override
        public Optional<T> read(Section section, String key) {
            return section.rate(key, parser);
        }

        @Override
        public String toml(T value) {
            return value instanceof Double rate ? quoted(FrameRate.text(rate)) : String.valueOf(value);
        }
    }

    /** One of several words. */
    record OneOf<T>(List<String> words, Function<String, T> parser) implements Kind<T> {
        /** Constants of an enum. */
        static <E extends Enum<E>> OneOf<E> of(Class<E> type) {
            return new OneOf<>(Choice.spellings(type), text -> Choice.of(type, text));
        }

        @Override
        public Optional<T> read(Section section, String key) {
            return section.parsed(key, parser);
        }

        @Override
        public String limits() {
            return words.stream().map(Kind::quoted).collect(Collectors.joining(" or "));
        }

        @Override
        public String toml(T value) {
            return quoted(value instanceof Enum<?> constant ? Choice.spelling(constant) : String.valueOf(value));
        }
    }

    /** A list of constants of an enum. */
    record SomeOf<E extends Enum<E>>(Class<E> type) implements Kind<EnumSet<E>> {
        @Override
        public Optional<EnumSet<E>> read(Section section, String key) {
            return section.has(key) ? Optional.of(section.choices(key, type)) : Optional.empty();
        }

        /** The words that can be in the list. */
        public List<String> words() {
            return Choice.spellings(type);
        }

        @Override
        public String limits() {
            return "a list of "
                    + Choice.spellings(type).stream().map(Kind::quoted).collect(Collectors.joining(" and "));
        }

        @Override
        public String toml(EnumSet<E> value) {
            return list(value.stream().map(Choice::spelling).map(Kind::quoted).toList());
        }
    }

    /** A list of texts. */
    record Texts() implements Kind<List<Entry.Scalar>> {
        @Override
        public Optional<List<Entry.Scalar>> read(Section section, String key) {
            return section.has(key) ? Optional.of(section.texts(key)) : Optional.empty();
        }

        @Override
        public String limits() {
            return "a list of texts";
        }
    }

    /** A list of whole numbers. */
    record Wholes(int least, int most) implements Kind<List<Integer>> {
        @Override
        public Optional<List<Integer>> read(Section section, String key) {
            return section.integers(key, number -> number >= least && number <= most, this);
        }

        @Override
        public String wanted() {
            return range(Integer.toString(least), Integer.toString(most));
        }

        @Override
        public String limits() {
            return "a list of numbers " + wanted();
        }
    }

    /** A list, which a reader looks at further. */
    record ListOf(Kind<?> item) implements Kind<List<Entry>> {
        @Override
        public Optional<List<Entry>> read(Section section, String key) {
            return section.values(key, entry -> entry);
        }

        @Override
        public String limits() {
            return "a list of " + item.limits();
        }
    }

    /**
     * Values of several types.
     *
     * @param limits which there are
     * @param types the types that they have
     * @param reader makes something of what is given, or throws an IllegalArgumentException with a message
     * @param writer the reverse
     */
    record Several<T>(String limits, List<Kind<?>> types, Function<Entry, T> reader, Function<T, String> writer)
            implements Kind<T> {
        /** Those that a reader looks at further. */
        public static Several<Entry> ofEntries(String limits, Kind<?>... types) {
            return new Several<>(limits, List.of(types), entry -> entry, Entry::describe);
        }

        /** A whole number, or a word that means another. */
        static Several<Long> wholeOr(String word, long meant, long least, long most) {
            Kind<?> number = new Whole(least, most, false);
            Kind<?> text = new OneOf<>(List.of(word), given -> given);
            String limits = number.limits() + ", or " + text.limits();
            return new Several<>(
                    limits,
                    List.of(number, text),
                    entry -> {
                        Object value = entry instanceof Entry.Scalar scalar ? scalar.value() : entry;
                        if (value instanceof Long given && given >= least && given <= most) {
                            return given;
                        }
                        if (entry instanceof Entry.Scalar scalar
                                && scalar.text().filter(word::equals).isPresent()) {
                            return meant;
                        }
                        throw new IllegalArgumentException("must be " + limits + ", not " + entry.describe());
                    },
                    value -> value == meant ? quoted(word) : String.valueOf(value));
        }

        @Override
        public Optional<T> read(Section section, String key) {
            return section.value(key, reader);
        }

        @Override
        public String toml(T value) {
            return writer.apply(value);
        }
    }

    private static String range(String least, String most) {
        return most.isEmpty() ? least + " or more" : "from " + least + " to " + most;
    }

    private static String quoted(String text) {
        return Quoted.of(text);
    }

    private static String list(Collection<String> items) {
        return "[" + String.join(", ", items) + "]";
    }
}
