package io.ringtap.daemon;

import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.ledger.Progress;
import java.util.List;

/**
 * A part of the daemon beside captures and streams. Opened before them, in the order of the daemon's list; changed with them by a
 * reload; closed after them, in reverse order. {@link #progress} is for any thread; one thread at a time calls the rest.
 */
interface DaemonPart extends AutoCloseable {
    /** Opens what a configuration asks for, which may be nothing. @throws OpenException, ControlException if it cannot be had */
    void open(DaemonConfig config) throws OpenException, ControlException;

    /**
     * Opens, beside what runs, what another configuration asks for.
     *
     * @return to be taken when the whole of that configuration is, or else dropped
     * @throws OpenException if it cannot be had: nothing has changed
     */
    Opened openNext(DaemonConfig next) throws OpenException;

    /** Returns how far its threads have come that must not hang. */
    default List<Progress> progress() {
        return List.of();
    }

    /** Releases everything; idempotent. */
    @Override
    void close();

    /** A part that was opened for another configuration. */
    interface Opened {
        /** Has it take the place of what runs, which is closed. */
        void take();

        /** Closes it again. */
        default void drop() {}
    }
}
