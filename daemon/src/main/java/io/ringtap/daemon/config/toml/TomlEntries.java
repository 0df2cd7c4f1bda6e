package io.ringtap.daemon.config.toml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Makes entries of what tomlj parsed.
 *
 * @param places turns a position in the text into a place
 * @param bareText the text as an option gave it, if it was an option
 */
public record TomlEntries(Function<TomlPosition, Place> places, Optional<String> bareText) {
    Entry.Table table(TomlTable parsed, Place place) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String key : parsed.keySet()) {
            List<String> path = List.of(key);
            entries.put(key, entry(parsed.get(path), places.apply(parsed.inputPositionOf(path))));
        }
        return new Entry.Table(place, entries);
    }

    /** Returns a value of tomlj's as an entry; {@code place} is where its key stands. */
    public Entry entry(Object value, Place place) {
        return switch (value) {
            case TomlTable table -> table(table, place);
            case TomlArray array -> items(array, place);
            default -> new Entry.Scalar(place, value, bareText);
        };
    }

    private Entry.Items items(TomlArray array, Place place) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            entries.add(entry(array.get(i), places.apply(array.inputPositionOf(i))));
        }
        return new Entry.Items(place, entries);
    }
}
