package io.ringtap.handler.flows;

import io.ringtap.frame.Frame;
import java.time.Duration;

/**
 * Keeps the flows of one thread's frames: begins, counts and ends them. A flow that was idle too long, or has lasted too
 * long, ends when its next frame comes, however late the search for such flows comes by: what the records say depends on the
 * frames alone. One thread.
 */
final class FlowTracker {
    /** Of so many flows, where a place is needed, the longest idle one goes: some sixteenth of all are idle longer. */
    private static final int EVICTION_CHOICE = 16;

    private final FlowTable table;
    private final long idleNanos;
    private final long activeNanos;
    private final EndedFlows ended;
    private final FlowKey key;
    private long sweepSlot;
    private long evictionSlot;

    /** Takes the flows that ended; a flow's entry is valid only until this returns. */
    @FunctionalInterface
    interface EndedFlows {
        void take(FlowTable table, long slot, FlowEnd end);
    }

    /**
     * One that has seen nothing yet.
     *
     * @param key reads frames
     * @param idle how long without a frame ends a flow; 0: never
     * @param active how long a flow's record lasts at most; 0: for ever
     */
    FlowTracker(FlowTable table, FlowKey key, Duration idle, Duration active, EndedFlows ended) {
        this.table = table;
        this.key = key;
        this.ended = ended;
        idleNanos = idle.isZero() ? Long.MAX_VALUE : idle.toNanos();
        activeNanos = active.isZero() ? Long.MAX_VALUE : active.toNanos();
    }

    /** Counts a frame; false if it is part of no flow, for it ends before its addresses. */
    boolean count(Frame frame) {
        if (!key.read(frame)) {
            return false;
        }
        long now = frame.timestampNanos();
        long slot = table.find(key);
        if (slot < 0) {
            slot = begin(~slot, now);
        } else {
            FlowEnd end = isNextConnection(slot) ? FlowEnd.CLOSED : dueEnd(slot, now);
            if (end != null) {
                ended.take(table, slot, end);
                table.clear(slot, key);
            }
        }
        table.count(slot, key, frame.originalLength(), now);
        return true;
    }

    /** A port that is used again: a SYN that comes again before its connection is over is a repeated one. */
    private boolean isNextConnection(long slot) {
        return ConnState.isSyn(key.tcpFlags) && ConnState.isOver(table.get(slot, FlowTable.STATE));
    }

    private long begin(long free, long now) {
        long slot = free;
        if (table.size() == table.most()) {
            evict(now);
            slot = ~table.find(key); // what was taken out may have moved what is free
        }
        table.insert(slot, key);
        return slot;
    }

    /** Returns why a flow's record should end by now, or null. A clock that was put back by more than that ends it too. */
    private FlowEnd dueEnd(long slot, long now) {
        if (Math.abs(now - table.get(slot, FlowTable.LAST)) > idleNanos) {
            return FlowEnd.IDLE;
        }
        return now - table.get(slot, FlowTable.FIRST) >= activeNanos ? FlowEnd.ACTIVE : null;
    }

    private void evict(long now) {
        long oldest = -1;
        for (int choice = 0; choice < EVICTION_CHOICE; evictionSlot = next(evictionSlot)) {
            if (table.isUsed(evictionSlot)) {
                choice++;
                if (oldest < 0 || table.get(evictionSlot, FlowTable.LAST) < table.get(oldest, FlowTable.LAST)) {
                    oldest = evictionSlot;
                }
            }
        }
        FlowEnd due = dueEnd(oldest, now);
        end(oldest, due == null ? FlowEnd.EVICTED : due);
    }

    private void end(long slot, FlowEnd end) {
        ended.take(table, slot, end);
        table.remove(slot);
    }

    private long next(long slot) {
        return slot + 1 == table.slots() ? 0 : slot + 1;
    }

    /**
     * Ends what is due among the next {@code slots} places. One frame whose time is far from that of the one before may be
     * wrong: what is due by it has to be due by that of the other too.
     *
     * @param now the last frame's time, in nanoseconds since 1970
     * @param before that of the one before it
     */
    void sweep(long slots, long now, long before) {
        long other = Math.abs(now - before) > Math.min(idleNanos, activeNanos) ? before : now;
        for (long left = Math.min(slots, table.slots()); left > 0; left--) {
            // What follows an entry that is taken out moves into its place, and is looked at there.
            FlowEnd end = table.isUsed(sweepSlot) ? dueEnd(sweepSlot, now) : null;
            if (end == null || dueEnd(sweepSlot, other) == null) {
                sweepSlot = next(sweepSlot);
            } else {
                end(sweepSlot, end);
            }
        }
    }
}
