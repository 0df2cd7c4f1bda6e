package io.ringtap.daemon.config.value;

/** Text of unknown origin, made fit for one line of a message: cut when long, control characters escaped. */
public final class Quoted {
    private static final int LONGEST = 60;

    private Quoted() {}

    /** In quotes. */
    public static String of(String text) {
        return '"' + bare(text) + '"';
    }

    /** Without quotes. */
    public static String bare(String text) {
        return text.codePointCount(0, text.length()) > LONGEST
                ? whole(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…"
                : whole(text);
    }

    /** Without quotes, however long. */
    public static String whole(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> append(line, c));
        return line.toString();
    }

    private static void append(StringBuilder line, int c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\t' -> line.append("\\t");
            case '\r' -> line.append("\\r");
            default -> {
                if (isPrintable(c)) {
                    line.appendCodePoint(c);
                } else {
                    line.append(String.format("\\u%04x", c));
                }
            }
        }
    }

    // Format characters too: those that turn the direction of writing make a message say something else.
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
