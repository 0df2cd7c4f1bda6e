package io.ringtap.frame;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** No keys at all: what a handler made in a program, without a configuration file, reads. */
enum NoSettings implements HandlerSettings {
    INSTANCE;

    @Override
    public boolean has(String key) {
        return false;
    }

    @Override
    public String text(String key, String fallback) {
        return fallback;
    }

    @Override
    public long number(String key, long fallback, long min, long max) {
        return fallback;
    }

    @Override
    public boolean flag(String key, boolean fallback) {
        return fallback;
    }

    @Override
    public Duration duration(String key, Duration fallback) {
        return fallback;
    }

    @Override
    public long bytes(String key, long fallback) {
        return fallback;
    }

    @Override
    public double decimal(String key, double fallback, double min, double max) {
        return fallback;
    }

    @Override
    public List<String> texts(String key) {
        return List.of();
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E fallback) {
        return fallback;
    }

    @Override
    public Optional<Path> path(String key) {
        return Optional.empty();
    }

    @Override
    public Optional<String> stream(String key) {
        return Optional.empty();
    }

    @Override
    public void problem(String key, String message) {
        throw new IllegalArgumentException(key + ": " + message);
    }
}
