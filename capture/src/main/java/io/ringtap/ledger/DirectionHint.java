package io.ringtap.ledger;

import java.util.Locale;

/** A hint for a capture of incoming frames that gets none, while frames go out of its interface. */
public final class DirectionHint {
    private DirectionHint() {}

    /** Returns the line about a capture on an interface, which has seen so many frames go out. */
    public static String of(String capture, String interfaceName, long outgoing) {
        return String.format(
                Locale.ROOT,
                "capture %s has received nothing, while %d frames and more that its filter lets pass went out of %s, which"
                        + " direction = \"in\" leaves out: to capture a mirror that sends its copies there (tc mirred, egress mirror),"
                        + " use direction = \"out\", or \"both\"",
                capture,
                outgoing,
                interfaceName);
    }
}
