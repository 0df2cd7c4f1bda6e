package io.ringtap.handler.flows;

import io.ringtap.handler.flows.FlowExport.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A handler's side of all {@link FlowExport}s. For the handler's thread, but for what exports call under their lock. */
final class FlowOutlet {
    private static final long ROOM_PAUSE_NANOS = 200_000;

    private final String worker;
    private final FlowExports exports;
    private final Map<FlowExport, Lane> byExport = new HashMap<>(); // under the exports' lock
    private volatile List<Lane> lanes = List.of();

    FlowOutlet(String worker, FlowExports exports) {
        this.worker = worker;
        this.exports = exports;
    }

    String worker() {
        return worker;
    }

    void add(FlowExport export, Lane lane) {
        byExport.put(export, lane);
        lanes = List.copyOf(byExport.values());
    }

    void remove(FlowExport export) {
        Lane lane = byExport.remove(export);
        if (lane != null) {
            lanes = List.copyOf(byExport.values());
            lane.end();
        }
    }

    /** Gives a flow to all that take it and have room. */
    void write(FlowTable table, long slot, FlowEnd end) {
        for (Lane lane : lanes) {
            if (!lane.offer(table, slot, end)) {
                lane.refuse();
            }
        }
    }

    /** As {@link #write}, but waits for room, until a deadline of a clock. */
    void writeBy(FlowTable table, long slot, FlowEnd end, long deadline, LongSupplier nanoTime) {
        for (Lane lane : lanes) {
            while (!lane.offer(table, slot, end)) {
                if (nanoTime.getAsLong() - deadline > 0) {
                    lane.refuse();
                    break;
                }
                LockSupport.parkNanos(ROOM_PAUSE_NANOS);
            }
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    /** Flows that found no room, for each export. */
    long refused() {
        return lanes.stream().mapToLong(Lane::refused).sum();
    }

    /** Gives no more. */
    void close() {
        exports.remove(this);
        lanes.forEach(Lane::end);
    }
}
