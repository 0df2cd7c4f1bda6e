package io.ringtap.capture.ring;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerOutlets;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.ledger.Counter;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One instance of a handler, for one thread, the surroundings it is told of, and the counters it has made. */
record HandlerInstance(
        String type,
        FrameHandler handler,
        String captureName,
        String workerName,
        int thread,
        HandlerTable table,
        Map<List<String>, Counter> counters,
        HandlerOutlets outlets)
        implements HandlerContext {
    @Override
    public FrameSender sender() {
        return outlets.sender();
    }

    @Override
    public StreamSwitch streams() {
        return outlets.streams();
    }

    @Override
    public boolean live() {
        return table.live();
    }

    @Override
    @SuppressWarnings("unchecked") // every instance of a handler is of one class, and asks for the same
    public <T> T shared(Supplier<T> maker) {
        return (T) table.shared(maker);
    }

    @Override
    public void gauge(String row, String column, LongSupplier figure) {
        table.gauge(row, column, figure);
    }

    @Override
    public Counter counter(String row, String column) {
        return counters.computeIfAbsent(List.of(row, column), names -> table.add(row, column));
    }
}
