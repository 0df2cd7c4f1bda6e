package io.ringtap.inject;

import java.util.function.LongSupplier;

/**
 * The time that an inject loop has.
 *
 * @param nanos as {@link System#nanoTime}; any thread
 * @param sleep how the loop's thread sleeps
 */
record LoopTime(LongSupplier nanos, LoopSleep sleep) {
    /** That of the machine; for one loop. */
    static LoopTime real() {
        return new LoopTime(System::nanoTime, new DueSleep());
    }
}
