package io.ringtap.testkit;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The keys of a handler under test, as a configuration would give them, but already parsed: a {@link Duration} for a time,
 * whole bytes for a size.
 *
 * <pre>{@code VlanCount handler = TestSettings.of("every", 10, "pause", Duration.ofSeconds(1)).make(VlanCount::new);}</pre>
 */
public final class TestSettings implements HandlerSettings {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    private TestSettings() {}

    /** Keys and their values in turn: String, Integer, Long, Double, Boolean, Duration or a List of String. */
    public static TestSettings of(Object... keysAndValues) {
        TestSettings settings = new TestSettings();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            settings.values.put((String) keysAndValues[i], value instanceof Integer small ? small.longValue() : value);
        }
        return settings;
    }

    /** Makes a handler of these settings. @throws IllegalArgumentException if the daemon would refuse them, saying why */
    public <H extends FrameHandler> H make(Function<? super HandlerSettings, H> maker) {
        H handler = maker.apply(this);
        List<String> found = problems();
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", found));
        }
        return handler;
    }

    /** Returns what is wrong with the settings, once they were read, {@code key: message} each; keys nobody asked for among it. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        values.keySet().stream()
                .filter(key -> !read.contains(key))
                .map(key -> key + ": unknown key")
                .forEach(all::add);
        return all;
    }

    @Override
    public boolean has(String key) {
        read.add(key);
        return values.containsKey(key);
    }

    @Override
    public String text(String key, String fallback) {
        return value(key, String.class, "a text").orElse(fallback);
    }

    @Override
    public long number(String key, long fallback, long min, long max) {
        return whole(key, min, max).orElse(fallback);
    }

    @Override
    public long numberOr(String key, String word, long meant, long fallback, long min, long max) {
        if (word.equals(values.get(key))) {
            read.add(key);
            return meant;
        }
        return number(key, fallback, min, max);
    }

    private Optional<Long> whole(String key, long min, long max) {
        return value(key, Long.class, "a whole number")
                .filter(n -> fits(key, n >= min && n <= max, min + " to " + max));
    }

    @Override
    public double decimal(String key, double fallback, double min, double max) {
        return value(key, Number.class, "a number")
                .map(Number::doubleValue)
                .filter(n -> fits(key, n >= min && n <= max, min + " to " + max))
                .orElse(fallback);
    }

    private boolean fits(String key, boolean fits, String range) {
        if (!fits) {
            problem(key, "must be from " + range);
        }
        return fits;
    }

    @Override
    public boolean flag(String key, boolean fallback) {
        return value(key, Boolean.class, "true or false").orElse(fallback);
    }

    @Override
    public Duration duration(String key, Duration fallback) {
        return value(key, Duration.class, "a Duration").orElse(fallback);
    }

    @Override
    public long bytes(String key, long fallback) {
        return whole(key, 0, Long.MAX_VALUE).orElse(fallback);
    }

    @Override
    public List<String> texts(String key) {
        Optional<? extends List<?>> texts =
                value(key, List.class, "a list of texts").map(list -> (List<?>) list);
        return texts.isEmpty()
                ? List.of()
                : texts.get().stream().map(String.class::cast).toList();
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E fallback) {
        Optional<String> text = value(key, String.class, "a text");
        List<String> spellings = new ArrayList<>();
        for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
            String spelling = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (text.filter(spelling::equals).isPresent()) {
                return constant;
            }
            spellings.add('"' + spelling + '"');
        }
        text.ifPresent(given -> problem(key, "must be " + String.join(" or ", spellings) + ", not " + given));
        return fallback;
    }

    @Override
    public Optional<String> stream(String key) {
        return value(key, String.class, "a text");
    }

    @Override
    public Optional<Path> path(String key) {
        return value(key, String.class, "a text").flatMap(text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                problem(key, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    private <T> Optional<T> value(String key, Class<T> type, String wanted) {
        read.add(key);
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            problem(key, "must be " + wanted + ", not " + value);
            return Optional.empty();
        }
        return Optional.ofNullable(type.cast(value));
    }

    @Override
    public void problem(String key, String message) {
        problems.add(key + ": " + message);
    }
}
