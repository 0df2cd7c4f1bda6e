package io.ringtap.daemon.config.value;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of amount that is written as a decimal number and a unit.
 *
 * @param what its name, with the article: "a size"
 * @param example one that is well written
 * @param units what each unit is worth, in the order messages list them
 */
record Quantity(String what, String example, Map<String, BigDecimal> units) {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([\\p{L}/]*)");

    /** Longer texts are no amounts; BigDecimal would take seconds over a million digits. */
    private static final int LONGEST = 40;

    /** The amount in the unit that is worth 1. @throws IllegalArgumentException whose message says what it must be */
    BigDecimal parse(String text) {
        String stripped = text.strip();
        Matcher matcher = NUMBER_AND_UNIT.matcher(stripped);
        if (stripped.length() > LONGEST || !matcher.matches()) {
            String why = stripped.startsWith("-") ? ": it cannot be negative" : "";
            throw refusal(text, why);
        }
        BigDecimal unit = units.get(matcher.group(2));
        if (unit == null) {
            throw refusal(text, unitHint(matcher.group(2)));
        }
        return new BigDecimal(matcher.group(1)).multiply(unit);
    }

    /** Says what it must be; {@code why} adds what is wrong with the text given. */
    IllegalArgumentException refusal(String text, String why) {
        return new IllegalArgumentException(
                "must be " + what + " such as " + Quoted.of(example) + ", not " + Quoted.of(text) + why);
    }

    /** Returns what every amount matches: a regular expression of ECMA 262. */
    String pattern() {
        return "^\\s*[0-9]+(\\.[0-9]+)?\\s*(" + String.join("|", units.keySet()) + ")\\s*$";
    }

    /** Without that of a bare number. */
    private List<String> named() {
        return units.keySet().stream().filter(unit -> !unit.isEmpty()).toList();
    }

    private String unitHint(String given) {
        String hint = Suggestion.hint(given, named());
        return hint.isEmpty() ? " (units: " + String.join(", ", named()) + ")" : hint;
    }
}
