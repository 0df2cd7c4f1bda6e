package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Section;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A {@code [[worker.handler]]} table, as the handler's constructor sees it. */
record HandlerSection(Section section, StreamNames streams) implements HandlerSettings {
    @Override
    public boolean has(String key) {
        return section.has(key);
    }

    @Override
    public String text(String key, String fallback) {
        return section.text(key).orElse(fallback);
    }

    @Override
    public long number(String key, long fallback, long min, long max) {
        return section.number(key, min, max).orElse(fallback);
    }

    @Override
    public boolean flag(String key, boolean fallback) {
        return section.flag(key).orElse(fallback);
    }

    @Override
    public Duration duration(String key, Duration fallback) {
        return section.duration(key).orElse(fallback);
    }

    @Override
    public long bytes(String key, long fallback) {
        return section.bytes(key).orElse(fallback);
    }

    @Override
    public double decimal(String key, double fallback, double min, double max) {
        return section.decimal(key, min, max).orElse(fallback);
    }

    @Override
    public List<String> texts(String key) {
        return section.texts(key).stream()
                .map(item -> item.text().orElseThrow())
                .toList();
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E fallback) {
        return section.choice(key, fallback);
    }

    @Override
    public Optional<Path> path(String key) {
        return section.parsed(key, Path::of); // InvalidPathException is an IllegalArgumentException
    }

    @Override
    public Optional<String> stream(String key) {
        Optional<String> given = section.text(key);
        given.ifPresent(name -> streams.refer(section, key, name));
        return given;
    }

    @Override
    public void problem(String key, String message) {
        section.problem(key, message);
    }
}
