package io.ringtap.daemon.control;

import java.util.List;

/** A reload that was not done: what ran before runs on. The message has a line for everything that is in its way. */
public final class ReloadRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final transient List<String> problems;

    /** The reason of a refusal. */
    public enum Reason {
        /** The configuration cannot be used, or not without a restart. */
        BAD_CONFIGURATION,
        /** What is new in it could not be opened or started. */
        FAILED
    }

    /** For a reason, with lines that tell the user: {@code file:line:column: …} where there is such a place. */
    public ReloadRefusedException(Reason reason, List<String> problems) {
        super(String.join("\n", problems));
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /** Everything that is in its way, a line each. */
    public List<String> problems() {
        return problems;
    }
}
