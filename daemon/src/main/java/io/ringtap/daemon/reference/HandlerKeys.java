package io.ringtap.daemon.reference;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.BuiltInHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys of handlers. A handler's constructor alone knows them: it is called, and what it asks for is noted, with the limits and
 * the default that it gives.
 */
final class HandlerKeys {
    private HandlerKeys() {}

    /** Those of the built-in handlers, by type, in the order in which they are asked for. */
    static Map<String, List<Key<?>>> ofBuiltIns() {
        Map<String, List<Key<?>>> all = new LinkedHashMap<>();
        BuiltInHandlers.BY_TYPE.keySet().stream()
                .sorted()
                .forEach(type -> all.put(type, of(BuiltInHandlers.BY_TYPE.get(type))));
        return all;
    }

    /** Calls it twice, without a key and with all, as what it asks for may depend on what is there. */
    static List<Key<?>> of(Function<HandlerSettings, FrameHandler> maker) {
        Map<String, Key<?>> asked = new LinkedHashMap<>();
        for (boolean given : new boolean[] {false, true}) {
            FrameHandler _ = maker.apply(new Questions(asked, given));
        }
        return new ArrayList<>(asked.values());
    }

    /** Settings that note what is asked of them; whatever is asked, the answer is the default. */
    private record Questions(Map<String, Key<?>> asked, boolean given) implements HandlerSettings {
        private <T> T note(Key<T> key, T fallback) {
            asked.putIfAbsent(key.name(), key);
            return fallback;
        }

        @Override
        public boolean has(String key) {
            return given;
        }

        @Override
        public String text(String key, String fallback) {
            return note(Key.text(key, fallback), fallback);
        }

        @Override
        public long number(String key, long fallback, long min, long max) {
            return note(Key.whole(key, fallback, min, max), fallback);
        }

        @Override
        public long numberOr(String key, String word, long meant, long fallback, long min, long max) {
            asked.putIfAbsent(key, Key.wholeOr(key, word, meant, min, max));
            return fallback;
        }

        @Override
        public double decimal(String key, double fallback, double min, double max) {
            return note(new Key<>(key, new Kind.Decimal(min, max, false), Optional.of(fallback)), fallback);
        }

        @Override
        public boolean flag(String key, boolean fallback) {
            return note(Key.flag(key, fallback), fallback);
        }

        @Override
        public Duration duration(String key, Duration fallback) {
            return duration(key, fallback, Duration.ZERO, Kind.Time.ANY);
        }

        @Override
        public Duration duration(String key, Duration fallback, Duration min, Duration max) {
            return note(Key.time(key, fallback, min, max), fallback);
        }

        @Override
        public long bytes(String key, long fallback) {
            return bytes(key, fallback, 0, Long.MAX_VALUE);
        }

        @Override
        public long bytes(String key, long fallback, long min, long max) {
            return note(Key.size(key, fallback, min, max), fallback);
        }

        @Override
        public List<String> texts(String key) {
            note(Key.texts(key), List.of());
            return List.of();
        }

        @Override
        public <E extends Enum<E>> E choice(String key, E fallback) {
            return note(Key.choice(key, fallback), fallback);
        }

        @Override
        public Optional<Path> path(String key) {
            asked.putIfAbsent(key, Key.form(key, "a path", Path::of));
            return Optional.empty();
        }

        @Override
        public Optional<String> stream(String key) {
            asked.putIfAbsent(key, Key.text(key));
            return Optional.empty();
        }

        @Override
        public Optional<String> recorder(String key) {
            asked.putIfAbsent(key, Key.text(key));
            return Optional.empty();
        }

        /** Keys that do not go together are given together here. */
        @Override
        public void problem(String key, String message) {}
    }
}
