package io.ringtap.daemon.reference;

import io.ringtap.daemon.config.ConfigKeys;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Schema;
import java.util.List;
import java.util.Optional;

/** Writes ringtap.toml(5), with every key: man(7) macros. */
final class ManualPage {
    /** Longer lines are no good style in a manual's source. */
    private static final int WIDTH = 78;

    private static final List<String> DESCRIPTION = List.of(
            "ringtap.toml configures the daemon, ringtap(1). It is TOML 1.0, in UTF-8. A key that is not given has its"
                    + " default. A key or table that there is not is refused, with all else that is wrong.",
            "A size is a text with a unit, B, KiB, MiB, GiB, kB, MB or GB, or a whole number of bytes. A time has ns, us,"
                    + " ms, s, min or h. A rate has pps, kpps or Mpps, which are frames a second; that of a stream may have"
                    + " bit/s, kbit/s, Mbit/s or Gbit/s, which are bits at layer 2, from the destination address on, without"
                    + " frame check sequence.",
            "A table in double brackets can be there several times.");

    private final KeyTexts texts = KeyTexts.load();
    private final StringBuilder out = new StringBuilder();

    private ManualPage() {}

    /** The page; the date is year-month-day. */
    static String text(String version, String date) {
        return new ManualPage().page(version, date);
    }

    private String page(String version, String date) {
        out.append(".\\\" Made of the schema that the configuration's readers have.\n");
        out.append(".TH RINGTAP.TOML 5 " + date + " \"ringtap " + version + "\"\n");
        section("NAME");
        out.append("ringtap.toml \\- configuration of ringtap\n");
        section("SYNOPSIS");
        out.append(".I /etc/ringtap/ringtap.toml\n");
        section("DESCRIPTION");
        String separator = "";
        for (String paragraph : DESCRIPTION) {
            out.append(separator);
            running(paragraph);
            separator = ".PP\n";
        }
        section("TABLES");
        ConfigKeys.ROOT.tables().forEach(table -> table(table, table.name()));
        section("HANDLERS");
        running("The keys of the handlers that are built in, in [[worker.handler]].");
        HandlerKeys.ofBuiltIns().forEach(this::handler);
        section("EXIT STATUS");
        running("\"ringtap check-config FILE\" ends with 0 if a file can be used, and with 2 after it has said"
                + " everything that is wrong with it.");
        section("FILES");
        out.append(".TP\n.I /etc/ringtap/ringtap.toml\n");
        running("The configuration of the service, with a comment on each key.");
        out.append(".TP\n.I /usr/share/ringtap/ringtap.schema.json\n");
        running("A JSON schema of it, for editors.");
        section("SEE ALSO");
        out.append(".BR ringtap (1),\n.BR ringtap\\-handlers (7),\n.BR pcap\\-filter (7)\n");
        return out.toString();
    }

    private void section(String name) {
        out.append(".SH ").append(name).append('\n');
    }

    private void table(Schema table, String path) {
        out.append(".SS ")
                .append(escaped(table.repeated() ? "[[" + path + "]]" : "[" + path + "]"))
                .append('\n');
        running(texts.about(path));
        keys(table.keys(), path);
        table.tables().forEach(inner -> table(inner, path + "." + inner.name()));
    }

    private void handler(String type, List<Key<?>> keys) {
        out.append(".SS \"type = \\(dq").append(type).append("\\(dq\"\n");
        running(texts.about(type));
        keys(keys, type);
    }

    private void keys(List<Key<?>> keys, String path) {
        for (Key<?> key : keys) {
            out.append(".TP\n.B ").append(escaped(key.name())).append('\n');
            Optional<String> shown = texts.example(path, key.name()).or(() -> texts.aside(path, key.name()));
            String text = texts.text(path, key.name());
            if (!text.isEmpty()) {
                running(text);
                out.append(".br\n");
            }
            running(KeyFacts.sentences(key, shown));
        }
    }

    private void running(String text) {
        for (String line : Wrapped.lines(escaped(text), WIDTH)) {
            out.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "")
                    .append(line)
                    .append('\n');
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    }
}
