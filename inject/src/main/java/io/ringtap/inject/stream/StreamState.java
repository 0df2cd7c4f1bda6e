package io.ringtap.inject.stream;

import java.util.Locale;
import org.jspecify.annotations.NullMarked;

/** The state of a configured stream. */
@NullMarked
public enum StreamState {
    /** It has a manual start, and was not started yet. */
    WAITING,
    /** Its frames fall due, or will when its delay has passed. */
    RUNNING,
    /** It has come to its count, or its time is up. */
    ENDED,
    /** Somebody stopped it. */
    STOPPED,
    /** Its file could not be read on. */
    FAILED,
    /** The loop guard stopped it: its own frames came back, and made it send more. */
    LOOPED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Returns its name in tables and JSON. */
    public String text() {
        return text;
    }
}
