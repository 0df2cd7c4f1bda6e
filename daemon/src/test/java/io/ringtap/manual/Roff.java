package io.ringtap.manual;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A manual page as it is written: lines of man(7). What it is given as text is escaped, so that it shows as it is. */
final class Roff {
    private static final Map<Character, String> ESCAPES =
            Map.of('\\', "\\e", '-', "\\-", '\'', "\\(aq", '`', "\\(ga", '^', "\\(ha", '~', "\\(ti", '"', "\\(dq");

    private final StringBuilder lines = new StringBuilder();
    private boolean behindHeading;

    /** Some text, each character as it is; a hyphen is one that can be copied to a shell. */
    static String text(String plain) {
        return plain.chars()
                .mapToObj(c -> ESCAPES.getOrDefault((char) c, Character.toString(c)))
                .collect(Collectors.joining());
    }

    static String bold(String escaped) {
        return "\\fB" + escaped + "\\fR";
    }

    static String italic(String escaped) {
        return "\\fI" + escaped + "\\fR";
    }

    /** The page's head; man-db reads there that tbl is needed. */
    Roff title(String name, String section, String date, String version, String manual) {
        lines.append("'\\\" t\n");
        request("TH", text(name.toUpperCase(Locale.ROOT)), section, date, text(version), manual);
        // No word is divided and no line stretched: here, and behind macros that would set both anew (HY, AD).
        return request("nh").request("nr", "HY", "0").request("ad", "l").request("ds", "AD", "l");
    }

    /** A request or macro, with arguments that are escaped already. */
    Roff request(String name, String... arguments) {
        behindHeading = name.equals("SH") || name.equals("SS");
        lines.append('.').append(name);
        for (String argument : arguments) {
            boolean quoted = argument.isEmpty() || argument.contains(" ");
            lines.append(quoted ? " \"" + argument + "\"" : " " + argument);
        }
        lines.append('\n');
        return this;
    }

    Roff section(String heading) {
        return request("SH", text(heading.toUpperCase(Locale.ROOT)));
    }

    /** Begins a paragraph, which a heading has done by itself. */
    Roff paragraph() {
        return behindHeading ? this : request("PP");
    }

    /** Lines of text, escaped already. */
    Roff lines(String escaped) {
        behindHeading = false;
        escaped.lines()
                .map(line -> line.startsWith(".") ? "\\&" + line : line)
                .forEach(line -> lines.append(line).append('\n'));
        return this;
    }

    /** A tag with a text, indented beside or below it. */
    Roff tagged(String tag, String escaped) {
        return request("TP").lines(tag).lines(escaped);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
