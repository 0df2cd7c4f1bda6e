package io.ringtap.handler.flows;

import java.util.concurrent.atomic.AtomicLong;

/** Ended flows on their way from the handler's thread to the one that writes them: bounded, and what is full refuses. */
final class FlowQueue {
    /** A power of two. */
    static final int ENTRIES = 2_048;

    static final int BYTES = ENTRIES * FlowTable.ENTRY_BYTES;

    private final long[] entries = new long[ENTRIES * FlowTable.ENTRY_LONGS];
    private final AtomicLong put = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** Returns whether there is nothing in it. */
    boolean isEmpty() {
        return size() == 0;
    }

    /** Flows in it. */
    int size() {
        return (int) (put.getAcquire() - taken.getAcquire());
    }

    /** Puts a flow; false if it is full. For the one thread that puts. */
    boolean offer(FlowTable table, long slot, FlowEnd end) {
        long at = put.getPlain();
        if (at - taken.getAcquire() == ENTRIES) {
            return false;
        }
        int from = from(at);
        table.copy(slot, entries, from);
        entries[from + FlowTable.SPARE] = end.code();
        put.setRelease(at + 1);
        return true;
    }

    /** A place that a flow is copied into. */
    @FunctionalInterface
    interface Reader {
        void read(long[] entry, int from, FlowEnd end);
    }

    /** Takes what is there, and gives how many. For the one thread that takes. */
    int drain(Reader reader) {
        long from = taken.getPlain();
        long to = put.getAcquire();
        for (long at = from; at < to; at++) {
            int entry = from(at);
            reader.read(entries, entry, FlowEnd.of(entries[entry + FlowTable.SPARE]));
        }
        taken.setRelease(to);
        return (int) (to - from);
    }

    private static int from(long at) {
        return (int) (at & ENTRIES - 1) * FlowTable.ENTRY_LONGS;
    }
}
