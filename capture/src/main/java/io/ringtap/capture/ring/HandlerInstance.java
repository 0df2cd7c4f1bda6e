package io.ringtap.capture.ring;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;
import java.util.function.Supplier;

/** One instance of a handler, for one thread, and the surroundings it is told of. */
record HandlerInstance(
        String type,
        FrameHandler handler,
        String captureName,
        String workerName,
        int thread,
        HandlerTable table,
        Supplier<FrameSender> senders)
        implements HandlerContext {
    @Override
    public FrameSender sender() {
        return senders.get();
    }

    @Override
    public Counter counter(String row, String column) {
        return table.add(row, column);
    }
}
