package io.ringtap.inject;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The end of an inject loop, and what the loop may still do until then. Asked for by any thread; the rest is the inject
 * thread's.
 */
final class LoopStop {
    private final LongSupplier clockNanos;
    private volatile boolean asked;
    private volatile long deadlineNanos;
    private boolean finishing;

    LoopStop(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** Asks the loop to end, and to have sent by then what is left; of several asks the first one counts. */
    synchronized void ask(Duration timeout) {
        if (!asked) {
            deadlineNanos = clockNanos.getAsLong() + timeout.toNanos();
            asked = true;
        }
    }

    /** Returns whether it was asked to end; any thread. */
    boolean isAsked() {
        return asked;
    }

    /** From now on what is left is sent. */
    void finish() {
        finishing = true;
    }

    /** Returns whether frames may be taken to be sent. */
    boolean mayGoOn() {
        return finishing ? maySendTaken() : !asked;
    }

    /** Returns what was taken to be sent is sent, for a stop in the midst of it too. */
    boolean maySendTaken() {
        return !asked || clockNanos.getAsLong() - deadlineNanos < 0;
    }
}
