package io.ringtap.daemon.config.toml;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/** A table of the configuration: the keys and the tables that are in it, in the order in which they are told. */
public final class Schema {
    private final String name;
    private final boolean repeated;
    private final boolean open;
    private final List<Key<?>> keys;
    private final Map<String, Supplier<Schema>> tables;
    private final Set<String> names = new HashSet<>();

    private Schema(
            String name, boolean repeated, boolean open, List<Key<?>> keys, Map<String, Supplier<Schema>> tables) {
        this.name = name;
        this.repeated = repeated;
        this.open = open;
        this.keys = keys;
        this.tables = tables;
        keys.forEach(key -> names.add(key.name()));
        names.addAll(tables.keySet());
    }

    /** The whole of a configuration. What is in a table is looked at when it is needed: most configurations have few. */
    public static Schema root(SequencedMap<String, Supplier<Schema>> tables) {
        return new Schema("", false, false, List.of(), tables);
    }

    /** A table that is there once at most, {@code [name]}. */
    public static Schema table(String name, List<Key<?>> keys, Schema... tables) {
        return new Schema(name, false, false, keys, byName(tables));
    }

    /** A table that can be there several times, {@code [[name]]}. */
    public static Schema tables(String name, List<Key<?>> keys, Schema... tables) {
        return new Schema(name, true, false, keys, byName(tables));
    }

    /** As {@link #tables}, with further keys that others know. */
    public static Schema openTables(String name, List<Key<?>> keys) {
        return new Schema(name, true, true, keys, Map.of());
    }

    private static Map<String, Supplier<Schema>> byName(Schema... tables) {
        Map<String, Supplier<Schema>> all = new LinkedHashMap<>();
        for (Schema table : tables) {
            all.put(table.name, () -> table);
        }
        return all;
    }

    /** Its key in the table that it is in; empty for the root. */
    public String name() {
        return name;
    }

    /** Returns whether it can be there several times. */
    public boolean repeated() {
        return repeated;
    }

    /** Returns whether others know further keys. */
    public boolean open() {
        return open;
    }

    public List<Key<?>> keys() {
        return keys;
    }

    public List<Schema> tables() {
        return tables.values().stream().map(Supplier::get).toList();
    }

    /** A table in this one, if there can be one of that name. */
    public Optional<Schema> inside(String table) {
        return Optional.ofNullable(tables.get(table)).map(Supplier::get);
    }

    /** Returns whether there can be such a key, or such a table. */
    boolean declares(String key) {
        return open || names.contains(key);
    }
}
