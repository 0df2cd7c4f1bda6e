package io.ringtap.daemon.cli;

import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.ControlException;

/** The exit codes of the process; part of the contract with scripts and service managers. */
public final class ExitCode {
    public static final int DONE = 0;
    /** Failed while running. */
    public static final int FAILED = 1;
    /** Bad usage or configuration; nothing was started. */
    public static final int BAD_USAGE = 2;
    /** Not permitted; the message says what is missing and how to grant it. */
    public static final int NOT_PERMITTED = 3;

    public static final int NO_DAEMON = 4;

    private ExitCode() {}

    static int of(ControlException e) {
        return switch (e.reason()) {
            case NO_DAEMON -> NO_DAEMON;
            case NOT_PERMITTED -> NOT_PERMITTED;
            case BAD_CONFIGURATION -> BAD_USAGE;
            case IN_USE, FAILED -> FAILED;
        };
    }

    static int of(OpenException e) {
        return switch (e.reason()) {
            case NOT_PERMITTED -> NOT_PERMITTED;
            case BAD_CPU -> BAD_USAGE;
            default -> FAILED;
        };
    }
}
