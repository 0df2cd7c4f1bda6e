package io.ringtap.daemon.control;

/** The control socket could not be opened or asked. The message says what, where, why, and what to do, in a line. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** Nothing listens on the socket, or there is no socket. */
        NO_DAEMON,
        /** This user may not open or make the socket, or make the call. */
        NOT_PERMITTED,
        /** Another process listens on the socket, or something that is no socket is in its place. */
        IN_USE,
        /** Anything else: no answer in time, an answer that makes no sense, an error that the daemon told. */
        FAILED
    }

    /** An exception for a reason, with the line that tells the user. */
    public ControlException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
