package io.ringtap.daemon.config.value;

/** The name of a network interface. */
public final class InterfaceName {
    private InterfaceName() {}

    /** The name. @throws IllegalArgumentException if no interface can have it (Linux: dev_valid_name) */
    public static String parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        if (text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c) || c == '/')) {
            throw new IllegalArgumentException("must be the name of an interface, not " + Quoted.of(text));
        }
        return text;
    }
}
