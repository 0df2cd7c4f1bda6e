package io.ringtap.ledger;

import java.util.Locale;

/** The state of a capture. */
public enum CaptureState {
    /** Frames come in as they arrive. */
    RUNNING,
    /** Its interface is missing, down, without carrier, or cannot be opened now: {@link CaptureCounts#gaps()} says which. */
    WAITING,
    /** It ended for a reason that was reported; its frames still count. */
    FAILED,
    /** It was stopped, or its file was read to the end. */
    ENDED;

    /** The name used in JSON and on the terminal. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
