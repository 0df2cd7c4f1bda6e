package io.ringtap.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A 64-bit count with one writing thread and any number of readers, who see a value that was true a moment ago. Adding
 * costs a load and a store: no lock prefix, no fence.
 */
public final class Counter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through VALUE
    private long value;

    /** Adds; for the one writing thread only. */
    public void add(long n) {
        VALUE.setRelease(this, (long) VALUE.get(this) + n);
    }

    /** The count; any thread. */
    public long value() {
        return (long) VALUE.getAcquire(this);
    }
}
