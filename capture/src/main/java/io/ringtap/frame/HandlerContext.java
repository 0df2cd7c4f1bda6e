package io.ringtap.frame;

import io.ringtap.ledger.Counter;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Where a handler instance finds itself. Valid as long as the handler; its methods are for the handler's thread. */
public interface HandlerContext {
    /** The name of the capture whose frames come. */
    String captureName();

    /** The name of the worker this handler belongs to. */
    String workerName();

    /** This instance's thread: 0 to the worker's {@code threads} - 1, going on over the rings of a fanout group. */
    int thread();

    /** Sends frames out of the interface that is captured; for a capture file, refuses every frame. */
    FrameSender sender();

    /** Starts and stops the configured streams, whatever interface they send on. */
    default StreamSwitch streams() {
        return StreamSwitch.NONE;
    }

    /**
     * Whether frames come as they happen: false for a capture file, whose times are those of its recording.
     */
    default boolean live() {
        return true;
    }

    /**
     * What all instances of this handler on this capture have in common, made by the first that asks; for one that counts
     * over all threads. What is made must be safe on every thread.
     */
    default <T> T shared(Supplier<T> maker) {
        return maker.get();
    }

    /**
     * A counter that {@code stats} shows in the handler's table, made on the first call with these names. The figures
     * of all threads of a worker are added up.
     */
    Counter counter(String row, String column);

    /**
     * Has {@code stats} show a figure that is computed when it is asked for, on any thread. Unlike a counter it is not added
     * up over threads: a later one of the same names takes its place. See {@link #shared}.
     */
    default void gauge(String row, String column, LongSupplier figure) {}
}
