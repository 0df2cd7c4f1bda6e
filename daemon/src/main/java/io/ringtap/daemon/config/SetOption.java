package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.toml.TomlEntries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * An option {@code --set capture.buffer="128 MiB"}: puts a value into every table of that name, in place of what the
 * file says. The value is TOML if it parses as such, else text, so that quotes lost to a shell do no harm.
 */
final class SetOption {
    private final Place.Option place;
    private final List<String> path;
    private final Entry value;

    private SetOption(Place.Option place, List<String> path, Entry value) {
        this.place = place;
        this.path = path;
        this.value = value;
    }

    /** Reads an option's {@code key=value}; absent, with a problem, if it is none. */
    static Optional<SetOption> parse(String text, Problems problems) {
        int equals = text.indexOf('=');
        String key = (equals < 0 ? text : text.substring(0, equals)).strip();
        Place.Option place = new Place.Option("--set", key);
        Optional<List<String>> path = path(key);
        if (equals < 0 || path.isEmpty() || path.get().size() < 2) {
            problems.add(place, key, "must be a table, a key and a value, as in capture.buffer=\"128 MiB\"");
            return Optional.empty();
        }
        String given = text.substring(equals + 1).strip();
        return Optional.of(new SetOption(place, path.get(), value(given, place)));
    }

    private static Optional<List<String>> path(String key) {
        try {
            return Optional.of(Toml.parseDottedKey(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Entry value(String given, Place place) {
        TomlParseResult parsed = Toml.parse("value = " + given);
        boolean isToml = !parsed.hasErrors() && parsed.keySet().equals(Set.of("value"));
        Object value = isToml ? parsed.get(List.of("value")) : given;
        return new TomlEntries(_ -> place, Optional.of(given)).entry(value, place);
    }

    /** Puts the value into the configuration. */
    void apply(Entry.Table root, Problems problems) {
        put(root, 0, problems);
    }

    private void put(Entry.Table table, int depth, Problems problems) {
        String key = path.get(depth);
        if (depth == path.size() - 1) {
            table.entries().put(key, value);
            return;
        }
        switch (table.entries().get(key)) {
            case Entry.Table next -> put(next, depth + 1, problems);
            case Entry.Items items -> putEach(items, depth, problems);
            case Entry.Scalar scalar ->
                problems.add(place, place.key(), dotted(depth) + " is not a table but " + scalar.describe());
            case null -> putNew(table, depth, problems);
        }
    }

    private void putEach(Entry.Items items, int depth, Problems problems) {
        for (Entry entry : items.entries()) {
            if (entry instanceof Entry.Table next) {
                put(next, depth + 1, problems);
            }
        }
    }

    private void putNew(Entry.Table table, int depth, Problems problems) {
        if (isRepeated(depth)) {
            problems.add(place, place.key(), "there is no [[" + dotted(depth) + "]] to set it in");
            return;
        }
        Entry.Table made = new Entry.Table(place, new LinkedHashMap<>());
        table.entries().put(path.get(depth), made);
        put(made, depth + 1, problems);
    }

    /** Of tables that can be there several times, an option changes those there are and makes none. */
    private boolean isRepeated(int depth) {
        Optional<Schema> table = Optional.of(ConfigKeys.ROOT);
        for (String name : path.subList(0, depth + 1)) {
            table = table.flatMap(outer -> outer.inside(name));
        }
        return table.filter(Schema::repeated).isPresent();
    }

    private String dotted(int depth) {
        return String.join(".", path.subList(0, depth + 1));
    }
}
