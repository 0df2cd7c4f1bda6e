package io.ringtap.handler.flows;

import java.util.Locale;

/** The reason why a flow's record ended. */
enum FlowEnd {
    /** No frame for the time that key {@code idle} says. */
    IDLE(0),
    /** It lasted as long as key {@code active} says; its next frame begins a new record. */
    ACTIVE(1),
    /** It was the longest idle of some, and its place was needed. */
    EVICTED(2),
    /** The capture ended. */
    STOP(3),
    /** Its TCP connection was over, and a SYN began the next one of the same ports. */
    CLOSED(4);

    private final int code;

    FlowEnd(int code) {
        this.code = code;
    }

    /** Returns what stands for it in an entry. */
    int code() {
        return code;
    }

    /** Returns what a code stands for. */
    static FlowEnd of(long code) {
        return switch ((int) code) {
            case 0 -> IDLE;
            case 1 -> ACTIVE;
            case 2 -> EVICTED;
            case 4 -> CLOSED;
            default -> STOP;
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
