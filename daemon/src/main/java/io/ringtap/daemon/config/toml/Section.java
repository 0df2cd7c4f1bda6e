package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.ByteSize;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.config.value.TimeSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Typed reads of a table's keys. What does not fit is noted as a problem at its place and read as absent; keys that were
 * never asked for are unknown, and {@link #reportUnknownKeys()} notes them.
 */
public final class Section {
    private final Entry.Table table;
    private final String path;
    private final Problems problems;
    private final Schema schema;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * Reads of a table.
     *
     * @param path what messages call the table, such as {@code worker.handler}; empty for the root
     * @param schema the keys that can be read: to read another one is a defect
     */
    public Section(Entry.Table table, String path, Problems problems, Schema schema) {
        this.schema = schema;
        this.table = table;
        this.path = path;
        this.problems = problems;
    }

    /** The same table, with nothing read yet and problems going elsewhere. */
    public Section again(Problems elsewhere) {
        return new Section(table, path, elsewhere, schema);
    }

    /** Returns what the table says, wherever it was given: equal for tables that say the same. */
    public Object content() {
        return table.content();
    }

    /** What a key gives, if it is given and well formed. */
    public <T> Optional<T> given(Key<T> key) {
        return key.kind().read(this, key.name());
    }

    /** What a key gives, or its default. */
    public <T> T value(Key<T> key) {
        return given(key).orElseGet(key.fallback()::orElseThrow);
    }

    /** Returns whether a key is given, of whatever type; it counts as known from here on. */
    public boolean has(Key<?> key) {
        return has(key.name());
    }

    /** Notes a problem with a key: where it stands, or where its table does if it is not given. */
    public void problem(Key<?> key, String message) {
        problem(key.name(), message);
    }

    /** As the other, by its name. */
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

    /** A whole number. */
    Optional<Long> number(String key) {
        return entry(key).flatMap(entry -> number(key, entry));
    }

    private Optional<Long> number(String key, Entry entry) {
        return entry instanceof Entry.Scalar scalar && scalar.value() instanceof Long number
                ? Optional.of(number)
                : mismatch(key, entry, "a whole number");
    }

    /** A number, with decimals or without. */
    Optional<Double> decimal(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Number number
                        ? Optional.of(number.doubleValue())
                        : mismatch(key, entry, "a number"));
    }

    /** What was read, if it fits. */
    <T> Optional<T> within(String key, Optional<T> read, Predicate<T> fits, Kind<?> kind) {
        return read.isEmpty() || fits.test(read.get())
                ? read
                : mismatch(key, table.entries().get(key), kind.wanted());
    }

    /** True or false. */
    public Optional<Boolean> flag(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Boolean flag
                        ? Optional.of(flag)
                        : mismatch(key, entry, "true or false"));
    }

    /** A size in bytes: a text with a unit, or a whole number. */
    Optional<Long> bytes(String key) {
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Scalar scalar && scalar.value() instanceof Long number
                        ? Optional.of(number)
                        : amount(key, entry, "a size such as \"64 MiB\"", ByteSize::parse));
    }

    /** A time: a text with a unit. */
    Optional<Duration> duration(String key) {
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

    /** A list of whole numbers; absent if it is not given, or an item is none, or does not fit. */
    Optional<List<Integer>> integers(String key, LongPredicate fits, Kind<?> kind) {
        List<Entry> items = items(key, "a list of whole numbers such as [2, 3]");
        List<Integer> numbers = items.stream()
                .flatMap(item -> number(key, item)
                        .filter(number -> fits.test(number)
                                || mismatch(key, item, kind.wanted()).isPresent())
                        .stream())
                .map(Math::toIntExact)
                .toList();
        return has(key) && numbers.size() == items.size() ? Optional.of(numbers) : Optional.empty();
    }

    /** One whole number, or a list of them, that fit an int; their limits are for others to check. */
    public List<Integer> oneOrMore(Key<?> key) {
        LongPredicate fits = number -> number == (int) number;
        Kind<?> any = new Kind.Wholes(Integer.MIN_VALUE, Integer.MAX_VALUE);
        return entry(key.name()).filter(Entry.Items.class::isInstance).isPresent()
                ? integers(key.name(), fits, any).orElse(List.of())
                : within(key.name(), number(key.name()), fits::test, any)
                        .map(Math::toIntExact)
                        .map(List::of)
                        .orElse(List.of());
    }

    /** Returns what a reader, which throws IllegalArgumentException with a message, makes of a value of any type. */
    public <T> Optional<T> value(Key<?> key, Function<Entry, T> reader) {
        return value(key.name(), reader);
    }

    <T> Optional<T> value(String key, Function<Entry, T> reader) {
        return entry(key).flatMap(entry -> attempt(entry.place(), key, entry, reader));
    }

    /** As the other, for each of a list; absent if there is none, or one of them is refused. */
    public <T> Optional<List<T>> values(Key<?> key, Function<Entry, T> reader) {
        return values(key.name(), reader);
    }

    <T> Optional<List<T>> values(String key, Function<Entry, T> reader) {
        List<Entry> items = items(key, "a list such as [1, 2]");
        List<T> values = items.stream()
                .flatMap(item -> attempt(item.place(), key, item, reader).stream())
                .toList();
        boolean isList = entry(key).filter(Entry.Items.class::isInstance).isPresent();
        return isList && values.size() == items.size() ? Optional.of(values) : Optional.empty();
    }

    /** Some of an enum's constants, spelt as for {@link #choice}; what is none is left out. */
    <E extends Enum<E>> EnumSet<E> choices(String key, Class<E> type) {
        EnumSet<E> chosen = EnumSet.noneOf(type);
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

    /** A table in this one. */
    public Optional<Section> table(Schema inside) {
        String key = inside.name();
        return entry(key)
                .flatMap(entry -> entry instanceof Entry.Table inner
                        ? Optional.of(new Section(inner, pathOf(key), problems, inside))
                        : mismatch(key, entry, "a table, [" + pathOf(key) + "]"));
    }

    /** The tables of a list of tables in this one. */
    public List<Section> tables(Schema inside) {
        String key = inside.name();
        String wanted = "written [[" + pathOf(key) + "]], in double brackets";
        List<Section> sections = new ArrayList<>();
        switch (entry(key).orElse(null)) {
            case null -> {}
            case Entry.Table single -> {
                problem(key, "must be " + wanted);
                sections.add(new Section(single, pathOf(key), problems, inside));
            }
            case Entry.Items items -> {
                for (Entry item : items.entries()) {
                    if (item instanceof Entry.Table inner) {
                        sections.add(new Section(inner, pathOf(key), problems, inside));
                    } else {
                        mismatch(key, item, "a table");
                    }
                }
            }
            case Entry.Scalar scalar -> mismatch(key, scalar, wanted);
        }
        return sections;
    }

    /** As the other, by its name. */
    public void problem(String key, String message) {
        problem(placeOf(key), key, message);
    }

    /** Notes a problem with a key at a place within its value. */
    public void problem(Place place, String key, String message) {
        problems.add(place, pathOf(key), message);
    }

    /** Returns where a key stands, or its table if it is not given. */
    public Place placeOf(String key) {
        known.add(key);
        return Optional.ofNullable(table.entries().get(key)).map(Entry::place).orElse(table.place());
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
        if (!schema.declares(key)) {
            throw new IllegalStateException("a reader asks for " + pathOf(key) + ", which no schema declares");
        }
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
