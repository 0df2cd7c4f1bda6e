package io.ringtap.daemon.reference;

import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.ConfigFile;
import io.ringtap.daemon.config.toml.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What people wrote about tables and keys, by the path of the table; {@code keys.toml} says how. */
final class KeyTexts {
    private static final String RESOURCE = "keys.toml";

    private final Entry.Table root;

    private KeyTexts(Entry.Table root) {
        this.root = root;
    }

    static KeyTexts load() {
        try (InputStream in = KeyTexts.class.getResourceAsStream(RESOURCE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new KeyTexts(ConfigFile.parse(RESOURCE, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a table is for. */
    String about(String path) {
        return of("text", path, "about").orElseThrow(() -> new IllegalStateException("no text about " + path));
    }

    /** What a key is for; empty where its name and limits say it. */
    String text(String path, String key) {
        return of("text", path, key).orElse("");
    }

    /** A value, as TOML, for a key without a default. */
    Optional<String> example(String path, String key) {
        return of("example", path, key);
    }

    /** A value, as TOML, for a key that is not given beside the others, or not alone. */
    Optional<String> aside(String path, String key) {
        return of("aside", path, key);
    }

    /** The keys, with the paths of their tables, of which something is told. */
    Set<String> told() {
        Set<String> told = new LinkedHashSet<>();
        root.entries().values().forEach(group -> addAll((Entry.Table) group, "", told));
        return told;
    }

    private static void addAll(Entry.Table table, String path, Set<String> told) {
        table.entries().forEach((key, entry) -> {
            if (entry instanceof Entry.Table inner) {
                addAll(inner, path + key + ".", told);
            } else {
                told.add(path + key);
            }
        });
    }

    private Optional<String> of(String group, String path, String key) {
        Entry entry = root.entries().get(group);
        for (String name : (path + "." + key).split("\\.", -1)) {
            if (!(entry instanceof Entry.Table table)) {
                return Optional.empty();
            }
            entry = table.entries().get(name);
        }
        return entry instanceof Entry.Scalar scalar
                ? scalar.text().map(text -> text.strip().replaceAll("\\s*\n", " "))
                : Optional.empty();
    }
}
