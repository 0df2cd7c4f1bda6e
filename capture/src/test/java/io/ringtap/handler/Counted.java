package io.ringtap.handler;

import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;
import java.util.SortedMap;
import java.util.TreeMap;

/** Thread 3 of worker "w" on capture "uplink": keeps its handler's counters by "row column". */
final class Counted implements HandlerContext {
    private final SortedMap<String, Counter> counters = new TreeMap<>();

    @Override
    public String captureName() {
        return "uplink";
    }

    @Override
    public String workerName() {
        return "w";
    }

    @Override
    public CaptureFacts capture() {
        throw new AssertionError("not asked for");
    }

    @Override
    public int threads() {
        return 4;
    }

    @Override
    public int thread() {
        return 3;
    }

    @Override
    public FrameSender sender() {
        return frame -> false;
    }

    @Override
    public Counter counter(String row, String column) {
        return counters.computeIfAbsent(row + " " + column, name -> new Counter());
    }

    long value(String name) {
        return counters.get(name).value();
    }

    SortedMap<String, Counter> counters() {
        return counters;
    }
}
