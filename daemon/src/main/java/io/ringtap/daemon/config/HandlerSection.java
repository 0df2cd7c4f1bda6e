package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A {@code [[worker.handler]]} table, as the handler's constructor sees it. */
record HandlerSection(Section section, HandlerNames names) implements HandlerSettings {
    @Override
    public boolean has(String key) {
        return section.has(key);
    }

    @Override
    public String text(String key, String fallback) {
        return value(Key.text(key, fallback));
    }

    @Override
    public long number(String key, long fallback, long min, long max) {
        return value(Key.whole(key, fallback, min, max));
    }

    @Override
    public long numberOr(String key, String word, long meant, long fallback, long min, long max) {
        return section.given(Key.wholeOr(key, word, meant, min, max)).orElse(fallback);
    }

    @Override
    public boolean flag(String key, boolean fallback) {
        return value(Key.flag(key, fallback));
    }

    @Override
    public Duration duration(String key, Duration fallback) {
        return duration(key, fallback, Duration.ZERO, Kind.Time.ANY);
    }

    @Override
    public long bytes(String key, long fallback) {
        return bytes(key, fallback, 0, Long.MAX_VALUE);
    }

    @Override
    public Duration duration(String key, Duration fallback, Duration min, Duration max) {
        return value(Key.time(key, fallback, min, max));
    }

    @Override
    public long bytes(String key, long fallback, long min, long max) {
        return value(Key.size(key, fallback, min, max));
    }

    @Override
    public double decimal(String key, double fallback, double min, double max) {
        return value(new Key<>(key, new Kind.Decimal(min, max, false), Optional.of(fallback)));
    }

    @Override
    public List<String> texts(String key) {
        return value(Key.texts(key)).stream()
                .map(item -> item.text().orElseThrow())
                .toList();
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E fallback) {
        return value(Key.choice(key, fallback));
    }

    @Override
    public Optional<Path> path(String key) {
        return section.given(Key.form(key, "a path", Path::of)); // InvalidPathException is an IllegalArgumentException
    }

    @Override
    public Optional<String> stream(String key) {
        Optional<String> given = section.given(Key.text(key));
        given.ifPresent(name -> names.streams().refer(section, key, name));
        return given;
    }

    @Override
    public Optional<String> recorder(String key) {
        Optional<String> given = section.given(Key.text(key));
        given.ifPresent(name -> names.recorders().refer(section, key, name));
        return given;
    }

    @Override
    public void problem(String key, String message) {
        section.problem(key, message);
    }

    private <T> T value(Key<T> key) {
        return section.value(key);
    }
}
