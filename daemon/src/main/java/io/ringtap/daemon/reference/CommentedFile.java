package io.ringtap.daemon.reference;

import io.ringtap.daemon.config.ConfigKeys;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a configuration that has every default, and a comment on each key: the one that is installed. */
public final class CommentedFile {
    private static final int WIDTH = 120;

    /** Where comments begin behind the keys of an example. */
    private static final int COMMENTS_AT = 38;

    /** What the second line of such a comment begins with, and all after it. */
    private static final String HANGING = "  ";

    private static final String HEAD = """
            # A line that begins with "#" and no space is a key with its default: take the "#" away to change it.
            # Amounts stand in quotes, with their unit: sizes in B, KiB, MiB, GiB, kB, MB, GB; times in ns, us, ms, s, min, h;
            # rates in pps, kpps, Mpps (frames a second); those of streams also in bit/s, kbit/s, Mbit/s, Gbit/s (at layer 2).
            # After a change: ringtap check-config FILE, then: systemctl reload ringtap
            """;

    /** The built-in handlers that have keys, but for the recorder, which is a worker of its own. */
    private static final List<String> HANDLERS = List.of("watch", "flight-recorder", "flows", "latency", "log");

    private static final String RECORD = "record";

    private final KeyTexts texts = KeyTexts.load();
    private final Map<String, List<Key<?>>> handlers = HandlerKeys.ofBuiltIns();
    private final Map<String, Setting> settings;
    private final StringBuilder out = new StringBuilder();

    /**
     * A value that a key is given.
     *
     * @param toml the value
     * @param reason why, a sentence
     */
    public record Setting(String toml, String reason) {}

    private CommentedFile(Map<String, Setting> settings) {
        this.settings = settings;
    }

    /** The file as it is installed. */
    public static String installed() {
        return new CommentedFile(Map.of())
                .text("# The configuration of ringtap. Installed as /etc/ringtap/ringtap.toml.\n#\n");
    }

    /** The file with other values of some keys, by the path of the key, such as {@code capture.buffer}. */
    public static String with(Map<String, Setting> settings, String firstLine) {
        return new CommentedFile(new LinkedHashMap<>(settings)).text("# " + firstLine + "\n#\n");
    }

    private String text(String begin) {
        out.append(begin).append(HEAD).append('\n');
        Schema root = ConfigKeys.ROOT;
        spread(schema("capture"), "capture", true);
        Schema worker = schema("worker");
        boolean given = settings.keySet().stream().anyMatch(key -> key.startsWith("worker."));
        spread(worker, "worker", given);
        spread(worker.inside("handler").orElseThrow(), "worker.handler", given);
        HANDLERS.forEach(this::handler);
        recorder();
        example(schema("inject"), "inject");
        example(schema("interface"), "interface");
        for (Schema table : root.tables()) {
            if (!table.repeated()) {
                spread(table, table.name(), true);
            }
        }
        return out.toString().stripTrailing() + "\n";
    }

    private static Schema schema(String table) {
        return ConfigKeys.ROOT.inside(table).orElseThrow();
    }

    /** Each key below a paragraph of its own; the keys of a table that is not active have a "#". */
    private void spread(Schema table, String path, boolean active) {
        comment(texts.about(path));
        out.append(active ? "" : "#").append(header(table, path)).append('\n');
        for (Key<?> key : table.keys()) {
            Setting setting = settings.get(path + "." + key.name());
            comment((texts.text(path, key.name()) + " " + (setting == null ? "" : setting.reason())).strip());
            Optional<String> example = texts.example(path, key.name());
            Optional<String> aside = texts.aside(path, key.name());
            String prefix = setting != null || (active && example.isPresent()) ? "" : aside.isPresent() ? "# " : "#";
            String value = setting != null
                    ? setting.toml()
                    : aside.or(() -> example).or(key::defaultToml).orElseThrow();
            out.append(prefix).append(key.name()).append(" = ").append(value).append("\n\n");
        }
    }

    private void handler(String type) {
        comment(texts.about(type));
        out.append("#\n# [[worker.handler]]\n# type = \"").append(type).append("\"\n");
        lines(handlers.get(type), type);
        out.append('\n');
    }

    private void recorder() {
        comment(texts.about(RECORD));
        out.append("#\n# [[worker]]\n# name = \"recorder\"\n# [[worker.handler]]\n# type = \"record\"\n");
        lines(handlers.get(RECORD), RECORD);
        out.append('\n');
    }

    /** A table whose keys stand close together, with what is said of them behind, all of it a comment. */
    private void example(Schema table, String path) {
        comment(texts.about(path));
        out.append("#\n# ").append(header(table, path)).append('\n');
        lines(table.keys(), path);
        table.tables().forEach(inner -> exampleInside(inner, path + "." + inner.name()));
        out.append('\n');
    }

    private void exampleInside(Schema table, String path) {
        boolean shown = table.keys().stream()
                .anyMatch(key -> texts.aside(path, key.name()).isEmpty());
        if (shown) {
            out.append("# ").append(header(table, path)).append('\n');
        } else {
            behind("#", header(table, path) + ": " + texts.about(path));
        }
        lines(table.keys(), path);
        List<String> inside = table.tables().stream()
                .map(inner -> header(inner, path + "." + inner.name()))
                .toList();
        if (!inside.isEmpty()) {
            out.append("#\n");
            comment("Tables in it, with keys that ringtap.toml(5) has: " + String.join(", ", inside) + ".");
            out.append("#\n");
        }
    }

    private static String header(Schema table, String path) {
        return table.repeated() ? "[[" + path + "]]" : "[" + path + "]";
    }

    /** Puts a comment behind the begin of a line, or below it where it is long. */
    private void behind(String begin, String text) {
        String margin = "#" + " ".repeat(COMMENTS_AT - 1) + "# ";
        out.append(begin);
        if (begin.length() < COMMENTS_AT) {
            out.repeat(' ', COMMENTS_AT - begin.length()).append("# ");
        } else {
            out.append('\n').append(margin);
        }
        List<String> lines = Wrapped.lines(text, WIDTH - margin.length() - HANGING.length());
        out.append(String.join("\n" + margin + HANGING, lines)).append('\n');
    }

    private void lines(List<Key<?>> keys, String path) {
        for (Key<?> key : keys) {
            String text = texts.text(path, key.name());
            Optional<String> aside = texts.aside(path, key.name());
            String begin = aside.isPresent()
                    ? "#"
                    : "# " + key.name() + " = "
                            + texts.example(path, key.name())
                                    .or(key::defaultToml)
                                    .orElseThrow();
            behind(begin, aside.map(value -> key.name() + " = " + value + ": ").orElse("") + text);
        }
    }

    private void comment(String text) {
        Wrapped.lines(text, WIDTH - 2)
                .forEach(line -> out.append("# ").append(line).append('\n'));
    }
}
