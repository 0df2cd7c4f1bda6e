package io.ringtap.capture;

/** An interface or file could not be opened. The message says what, where, why, and what to do about it, in a line. */
public final class OpenException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** The reason why it could not be opened. */
    public enum Reason {
        /** A capability is missing. */
        NOT_PERMITTED,
        /** There is no such interface now. */
        NO_SUCH_INTERFACE,
        /** The interface is there, but down. */
        INTERFACE_DOWN,
        /** The file is missing, not a capture file, or of another link type than Ethernet. */
        BAD_FILE,
        /** The filter expression does not compile. */
        BAD_FILTER,
        /** A CPU that a thread is to run on is not there, or not allowed. */
        BAD_CPU,
        /** Anything else; the message has libpcap's code and text. */
        OTHER
    }

    /** An exception for a reason, with the line that tells the user. */
    public OpenException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
