package io.ringtap.handler.flows;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way of ended flows from flows handlers to one that exports them: a bounded queue for each handler, which never waits. {@link #drain} is for one thread.
 */
public final class FlowExport implements AutoCloseable {
    private final FlowExports exports;
    private final Set<String> workers;
    private final Runnable wake;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private volatile long refusedBefore;

    /** A handler's queue to an export. */
    static final class Lane {
        private final FlowQueue queue = new FlowQueue();
        private final Runnable wake;
        private volatile long refused;
        private volatile boolean ended;

        private Lane(Runnable wake) {
            this.wake = wake;
        }

        /** Takes a flow if there is room. For the handler's thread. */
        boolean offer(FlowTable table, long slot, FlowEnd end) {
            boolean taken = queue.offer(table, slot, end);
            if (!taken || queue.size() == FlowQueue.ENTRIES / 2) {
                wake.run();
            }
            return taken;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
        void refuse() {
            refused++;
        }

        long refused() {
            return refused;
        }

        /** Returns whether all is drained that will ever come. */
        private boolean isOver() {
            return ended && queue.isEmpty();
        }

        /** No flow comes any more. */
        void end() {
            ended = true;
        }
    }

    FlowExport(FlowExports exports, Collection<String> workers, Runnable wake) {
        this.exports = exports;
        this.workers = Set.copyOf(workers);
        this.wake = wake;
    }

    /** Takes an outlet's flows, if its worker's are wanted. */
    void join(FlowOutlet outlet) {
        if (workers.isEmpty() || workers.contains(outlet.worker())) {
            Lane lane = new Lane(wake);
            lanes.add(lane);
            outlet.add(this, lane);
        }
    }

    /** Gives what waits to messages, and returns how many flows that were. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    public int drain(IpfixMessages messages) {
        int flows = 0;
        for (Lane lane : lanes) {
            flows += lane.queue.drain(messages::flow);
        }
        List<Lane> over = lanes.stream().filter(Lane::isOver).toList();
        if (!over.isEmpty()) {
            refusedBefore += over.stream().mapToLong(Lane::refused).sum();
            lanes.removeAll(over);
        }
        return flows;
    }

    /** Flows that found no room; any thread. */
    public long refused() {
        return refusedBefore + lanes.stream().mapToLong(Lane::refused).sum();
    }

    /** Flows that wait to be drained; any thread. */
    public long waiting() {
        return lanes.stream().mapToLong(lane -> lane.queue.size()).sum();
    }

    /** Takes none any more; what waits can still be drained. */
    @Override
    public void close() {
        exports.remove(this);
    }
}
