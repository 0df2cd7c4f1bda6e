package io.ringtap.daemon.control;

import java.util.List;

/** A call that cannot be done as it was asked for: the message is the answer's error, a line for people. */
public final class ControlRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final transient List<String> problems;

    /** With a message alone. */
    public ControlRefusal(String message) {
        this(message, "", List.of());
    }

    /** With a {@code reason} for programs, empty for none, and everything that is wrong, a line each. */
    ControlRefusal(String message, String reason, List<String> problems) {
        super(message);
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    String reason() {
        return reason;
    }

    List<String> problems() {
        return problems;
    }
}
