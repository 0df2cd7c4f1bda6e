package io.ringtap.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A 64-bit value that goes up and down, such as the number of flows that are open, with one writing thread and any number
 * of readers, who see a value that was true a moment ago.
 */
public final class Gauge {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Gauge.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through VALUE
    private long value;

    /** Replaces the value; for the one writing thread only. */
    public void set(long n) {
        VALUE.setRelease(this, n);
    }

    /** The value; any thread. */
    public long value() {
        return (long) VALUE.getAcquire(this);
    }
}
