package io.ringtap.inject.replay;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The change to a frame's outermost VLAN tag. Immutable and valid.
 *
 * @param kind what is done
 * @param id the id that is set or added, 0 to 4,094; else 0
 */
public record VlanRewrite(Kind kind, int id) {
    /** Every tag stays as it is. */
    public static final VlanRewrite NONE = new VlanRewrite(Kind.NONE, 0);

    private static final int MOST_ID = 4_094;
    private static final Pattern TEXT = Pattern.compile("(?:(set|add) ([0-9]{1,4})|remove)");

    /** The kinds of changes. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** Gives the outermost tag another id, and leaves its type and priority; untagged frames stay so. */
        SET,
        /** Puts an 802.1Q tag of priority 0 before all others. */
        ADD,
        /** Takes the outermost tag away, if there is one. */
        REMOVE
    }

    /** Checks it. @throws InvalidConfigException with the key {@code vlan} */
    public VlanRewrite {
        if (id < 0 || id > MOST_ID) {
            throw new InvalidConfigException(List.of(new Problem("vlan", "must be an id from 0 to 4094, not " + id)));
        }
    }

    /** Reads {@code set 100}, {@code add 100} or {@code remove}. @throws IllegalArgumentException that says what it must be */
    public static VlanRewrite parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        boolean known = matcher.matches();
        int id = known && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : 0;
        if (!known || id > MOST_ID) {
            throw new IllegalArgumentException(
                    "must be \"set ID\", \"add ID\" or \"remove\", with an ID from 0 to 4094, not \"" + text + "\"");
        }
        if (matcher.group(1) == null) {
            return new VlanRewrite(Kind.REMOVE, 0);
        }
        return new VlanRewrite(matcher.group(1).equals("set") ? Kind.SET : Kind.ADD, id);
    }
}
