package io.ringtap.ledger;

import java.util.Locale;
import java.util.Optional;

/**
 * Frames that were certainly lost at a stage, and why.
 *
 * @param stage where on their way
 * @param capture the capture's name
 * @param worker the worker whose queue had no room; absent for a stage before the workers
 * @param frames how many
 * @param cause how many, where and why, in words
 * @param cure what to change, in words
 */
public record Loss(Stage stage, String capture, Optional<String> worker, long frames, String cause, String cure) {
    /** A stage at which frames can be lost, in the order of their way. */
    public enum Stage {
        /** Card and driver, before the kernel took them. */
        INTERFACE,
        /** The kernel's ring. */
        KERNEL_RING,
        /** The queue of a detached worker. */
        QUEUE;

        /** The name used in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Cause and cure in a line. */
    String text() {
        return cause + ": " + cure;
    }
}
