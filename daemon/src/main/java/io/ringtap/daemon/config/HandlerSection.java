package io.ringtap.daemon.config;

import io.ringtap.frame.HandlerSettings;
import java.time.Duration;
import java.util.Optional;

/** A {@code [[worker.handler]]} table, as the handler's constructor sees it. */
record HandlerSection(Section section, StreamNames streams) implements HandlerSettings {
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
    public String stream(String key, String fallback) {
        Optional<String> given = section.text(key);
        given.ifPresent(name -> streams.refer(section, key, name));
        return given.orElse(fallback);
    }

    @Override
    public void problem(String key, String message) {
        section.problem(key, message);
    }
}
