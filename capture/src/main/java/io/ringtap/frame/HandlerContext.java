package io.ringtap.frame;

import io.ringtap.ledger.Counter;

/** Where a handler instance finds itself. Valid as long as the handler; its methods are for the handler's thread. */
public interface HandlerContext {
    /** The name of the capture whose frames come. */
    String captureName();

    /** The name of the worker this handler belongs to. */
    String workerName();

    /** What is known of that capture, and what it has counted so far. */
    CaptureFacts capture();

    /** Instances there are of this handler on the capture: the worker's threads on all kernel rings. */
    int threads();

    /** This instance's thread: 0 to {@link #threads()} - 1, going on over the rings of a fanout group. */
    int thread();

    /** Sends frames out of the interface that is captured; for a capture file, refuses every frame. */
    FrameSender sender();

    /**
     * A counter that {@code stats} shows in the handler's table, made on the first call with these names. The figures
     * of all threads of a worker are added up.
     */
    Counter counter(String row, String column);
}
