package io.ringtap.capture.ring;

import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One instance of a handler, for one thread, the surroundings it is told of, and the counters it has made. */
record HandlerInstance(
        String type,
        FrameHandler handler,
        CaptureFacts capture,
        String workerName,
        int thread,
        int threads,
        HandlerTable table,
        Map<List<String>, Counter> counters,
        Supplier<FrameSender> senders)
        implements HandlerContext {
    @Override
    public String captureName() {
        return capture.name();
    }

    @Override
    public FrameSender sender() {
        return senders.get();
    }

    @Override
    public Counter counter(String row, String column) {
        return counters.computeIfAbsent(List.of(row, column), names -> table.add(row, column));
    }
}
