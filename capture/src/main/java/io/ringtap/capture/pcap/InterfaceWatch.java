package io.ringtap.capture.pcap;

import io.ringtap.ledger.Gap;
import java.util.Optional;

/**
 * Looks at an interface again and again: two questions to the kernel through a socket that stays open, so that a look
 * takes a microsecond, and no descriptor that may be wanting. In the network namespace of the thread that opened it. Any
 * thread.
 */
public final class InterfaceWatch implements AutoCloseable {
    private final String name;
    private final InterfaceQuery query = InterfaceQuery.shared();
    private boolean closed;

    /** Opens it for an interface, which need not be there. */
    public InterfaceWatch(String name) {
        this.name = name;
    }

    /**
     * One look at an interface.
     *
     * @param index the interface's number, which another one of the same name does not have; 0 if there is none
     * @param trouble why no frame can come or go; absent if one can
     */
    public record Look(int index, Optional<Gap.Cause> trouble) {}

    /** Looks now. Once closed, sees nothing. */
    public synchronized Look look() {
        int index = closed ? 0 : query.index(name);
        if (index == 0) {
            return new Look(0, Optional.of(Gap.Cause.MISSING));
        }
        return new Look(index, trouble());
    }

    /** Returns the largest payload of its frames; 0 if it is not there. */
    public synchronized int mtuBytes() {
        return closed ? 0 : query.mtuBytes(name).orElse(0);
    }

    private Optional<Gap.Cause> trouble() {
        if (!query.isDown(name)) {
            return Optional.empty();
        }
        return Optional.of(query.isUp(name) ? Gap.Cause.NO_CARRIER : Gap.Cause.DOWN);
    }

    /** Releases it; idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            query.close();
        }
    }
}
