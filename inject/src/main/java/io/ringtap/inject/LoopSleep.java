package io.ringtap.inject;

import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/** The sleep of the inject thread until a frame falls due or others wake it. */
interface LoopSleep {
    /**
     * Sleeps until it is time, or somebody wakes it, or a little less. For the thread that {@link #wake} wakes.
     *
     * @param waitNanos gives, for the time now, how long
     * @param mayNot whether there is something to do all the same
     */
    void sleep(LongUnaryOperator waitNanos, BooleanSupplier mayNot);

    /** Waits a moment, from which nobody wakes it; for the same thread. */
    void pause(long nanos);

    /** Returns whether it sleeps; any thread. */
    boolean isAsleep();

    /** Ends the sleep, if there is one; any thread. */
    void wake();
}
