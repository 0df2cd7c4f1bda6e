package io.ringtap.daemon.control;

import java.util.List;

/** The control socket could not be opened or asked. The message says what, where, why, and what to do, in a line. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final transient List<String> problems;

    /** The reason of a failure. */
    public enum Reason {
        /** Nothing listens on the socket, or there is no socket. */
        NO_DAEMON,
        /** This user may not open or make the socket, or make the call. */
        NOT_PERMITTED,
        /** Another process listens on the socket, or something that is no socket is in its place. */
        IN_USE,
        /** The daemon refused a configuration. */
        BAD_CONFIGURATION,
        /** Anything else: no answer in time, an answer that makes no sense, an error that the daemon told. */
        FAILED
    }

    /** An exception for a reason, with the line that tells the user. */
    public ControlException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    /** The same with everything that is wrong, a line each. */
    public ControlException(Reason reason, String message, List<String> problems) {
        super(message);
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, a line each, where the message cannot tell all; else empty. */
    public List<String> problems() {
        return problems;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
