package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.ByteSize;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.config.value.TimeSpan;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Typed reads of a table's keys. What does not fit is noted as a problem at its place and read as absent; keys that were
 * never asked for are unknown, and {@link #reportUnknownKeys()} notes them.
 */
public final class Section {
    private final Entry.Table table;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * Reads of a table.
     *
     * @param path what messages call the table, such as {@code worker.handler}; empty for the root
     */
    public Section(Entry.Table table, String path, Problems problems) {
        this.table = table;
        this.path = path;
        this.problems = problems;
    }

    /** The same table, with nothing read yet and problems going elsewhere. */
    public Section again(Problems elsewhere) {
        return new Section(table, path, elsewhere);
    }

    /** Returns what the table says, wherever it was given: equal for tables that say the same. */
    public Object content() {
        return table.content();
    }

    /** Returns whether a key is given, of whatever type; it counts as known from here on. */
    public boolean has(String key) {
        return entry(key).isPresent();
    }

    /** A text. */
    public Optional<String> text(String key) {
        return entry(key).flatMap(entry -> text(key, entry));
    }

    /** Returns what a parser, which throws IllegalArgumentException with a message, makes of a text. */
    public <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(text -> attempt(placeOf(key), key, text, parser));
    }

    /** A whole number from {@code min} to {@code max}. */
    public Optional<Long> number(String key, long min, long max) {
        return entry(key).flatMap(entry -> number(key, entry, min, max));
    }

    private Optional<Long> number(String key, Entry entry, long min, long max) {
        if (!(entry instanceof Entry.Scalar scalar) || !(scalar.value() instanceof Long number)) {
            return mismatch(key, entry, "a whole number");
        }
        return number < min || number > max ? mismatch(key, entry, "from " + min + " to " + max) : Optional.of(number);
    }

    /** A whole number that fits an int; its limits are for others to check. */
    public Optional<Integer> integer(String key) {
        return number(key, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Math::toIntExact);
    }

    /** A number, with decimals or without, from {@code min} to {@code max}. */
    public Optional<Double> decimal(String key, double min, double max) {
        Optional<Double> number = number(key, "a number");
        if (number.isEmpty() || (number.get() >= min && number.get() <= max)) {
            return number;
        }
        return mismatch(
                key, table.entries().get(key), "from " + plain(min) + " to " + plain(max)); // NaN is within no limits
    }

    private Optional<Double> number(String key, String wanted) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Number number
                        ? Optional.of(number.doubleValue())
                        : mismatch(key, entry, wanted));
    }

    /** Without an exponent. */
    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** True or false. */
    public Optional<Boolean> flag(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Boolean flag
                        ? Optional.of(flag)
                        : mismatch(key, entry, "true or false"));
    }

    /** A number, whole or not; its limits are for others to check. */
    public Optional<Double> share(String key) {
        return number(key, "a number such as 0.01");
    }

    /** A size in bytes: a text with a unit, or a whole number. */
    public Optional<Long> bytes(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Long
                        ? number(key, 0, Long.MAX_VALUE)
                        : amount(key, entry, "a size such as \"64 MiB\"", ByteSize::parse));
    }

    /** A time: a text with a unit. */
    public Optional<Duration> duration(String key) {
        return entry(key).flatMap(entry -> amount(key, entry, "a time such as \"10 ms\"", TimeSpan::parse));
    }

    /** A rate, or whatever else the parser takes: a text with a unit. */
    public <T> Optional<T> rate(String key, Function<String, T> parser) {
        return entry(key).flatMap(entry -> amount(key, entry, "a rate such as \"350 kpps\"", parser));
    }

    /** One of an enum's constants, spelt in lower case with hyphens. */
    public <E extends Enum<E>> E choice(String key, E fallback) {
        return parsed(key, text -> Choice.of(fallback.getDeclaringClass(), text))
                .orElse(fallback);
    }

    /** A list of texts; what is no text is left out. */
    public List<Entry.Scalar> texts(String key) {
        return items(key, "a list of texts such as [\"a\", \"b\"]").stream()
                .filter(item -> text(key, item).isPresent())
                .map(Entry.Scalar.class::cast)
                .toList();
    }

    /** A list of whole numbers that fit an int; what is none is left out. */
    public List<Integer> integers(String key) {
        return items(key, "a list of whole numbers such as [2, 3]").stream()
                .flatMap(item -> number(key, item, Integer.MIN_VALUE, Integer.MAX_VALUE).stream())
                .map(Math::toIntExact)
                .toList();
    }

    /** One whole number, or a list of them, that fit an int. */
    public List<Integer> oneOrMore(String key) {
        return entry(key).filter(Entry.Items.class::isInstance).isPresent()
                ? integers(key)
                : integer(key).map(List::of).orElse(List.of());
    }

    /** Returns what a reader, which throws IllegalArgumentException with a message, makes of a value of any type. */
    public <T> Optional<T> value(String key, Function<Entry, T> reader) {
        return entry(key).flatMap(entry -> attempt(entry.place(), key, entry, reader));
    }

    /** As {@link #value}, for each of a list; absent if there is none, or one of them is refused. */
    public <T> Optional<List<T>> values(String key, Function<Entry, T> reader) {
        List<Entry> items = items(key, "a list such as [1, 2]");
        List<T> values = items.stream()
                .flatMap(item -> attempt(item.place(), key, item, reader).stream())
                .toList();
        boolean isList = entry(key).filter(Entry.Items.class::isInstance).isPresent();
        return isList && values.size() == items.size() ? Optional.of(values) : Optional.empty();
    }

    /** Some of an enum's constants, spelt as for {@link #choice}; what is none is left out. */
    public <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        Set<E> chosen = EnumSet.noneOf(type);
        for (Entry.Scalar name : texts(key)) {
            String text = name.text().orElseThrow();
            attempt(name.place(), key, text, each -> Choice.of(type, each)).ifPresent(chosen::add);
        }
        return chosen;
    }

    private List<Entry> items(String key, String wanted) {
        return switch (entry(key).orElse(null)) {
            case null -> List.of();
            case Entry.Items items -> items.entries();
            case Entry other -> {
                mismatch(key, other, wanted);
                yield List.of();
            }
        };
    }

    /** A table. */
    public Optional<Section> table(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Table inner
                        ? Optional.of(new Section(inner, pathOf(key), problems))
                        : mismatch(key, entry, "a table, [" + pathOf(key) + "]"));
    }

    /** The tables of a list of tables. */
    public List<Section> tables(String key) {
        String wanted = "written [[" + pathOf(key) + "]], in double brackets";
        List<Section> sections = new ArrayList<>();
        switch (entry(key).orElse(null)) {
            case null -> {}
            case Entry.Table single -> {
                problem(key, "must be " + wanted);
                sections.add(new Section(single, pathOf(key), problems));
            }
            case Entry.Items items -> {
                for (Entry item : items.entries()) {
                    if (item instanceof Entry.Table inner) {
                        sections.add(new Section(inner, pathOf(key), problems));
                    } else {
                        mismatch(key, item, "a table");
                    }
                }
            }
            case Entry.Scalar scalar -> mismatch(key, scalar, wanted);
        }
        return sections;
    }

    /** Notes a problem with a key: where it stands, or where its table does if it is not given. */
    public void problem(String key, String message) {
        problem(placeOf(key), key, message);
    }

    /** Notes a problem with a key at a place within its value. */
    public void problem(Place place, String key, String message) {
        problems.add(place, pathOf(key), message);
    }

    /** Returns where a key stands, or its table if it is not given. */
    public Place placeOf(String key) {
        return entry(key).map(Entry::place).orElse(table.place());
    }

    /** Notes every key that was never asked for. */
    public void reportUnknownKeys() {
        for (var given : table.entries().entrySet()) {
            if (!known.contains(given.getKey())) {
                String what = given.getValue() instanceof Entry.Scalar ? "unknown key" : "unknown table";
                problems.add(
                        given.getValue().place(),
                        pathOf(given.getKey()),
                        what + Suggestion.hint(given.getKey(), known));
            }
        }
    }

    private Optional<Entry> entry(String key) {
        known.add(key);
        return Optional.ofNullable(table.entries().get(key));
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<String> text(String key, Entry entry) {
        if (!(entry instanceof Entry.Scalar scalar) || scalar.text().isEmpty()) {
            return mismatch(key, entry, "a text in quotes");
        }
        String text = scalar.text().get();
        if (text.indexOf('\0') >= 0) {
            problem(entry.place(), key, "must not hold a NUL character");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    // Not by text(): a number without a unit must be told apart from a text, and the message say what unit there is.
    private <T> Optional<T> amount(String key, Entry entry, String wanted, Function<String, T> parser) {
        return entry instanceof Entry.Scalar scalar && scalar.value() instanceof String text
                ? attempt(entry.place(), key, text, parser)
                : mismatch(key, entry, wanted);
    }

    private <G, T> Optional<T> attempt(Place place, String key, G given, Function<G, T> reader) {
        try {
            return Optional.of(reader.apply(given));
        } catch (IllegalArgumentException e) {
            problem(place, key, e.getMessage());
            return Optional.empty();
        }
    }

    private <T> Optional<T> mismatch(String key, Entry entry, String wanted) {
        problem(entry.place(), key, "must be " + wanted + ", not " + entry.describe());
        return Optional.empty();
    }
}
