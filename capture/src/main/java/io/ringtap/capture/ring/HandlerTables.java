package io.ringtap.capture.ring;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.ledger.HandlerCounts;
import java.util.ArrayList;
import java.util.List;

/** The tables of a worker's handlers on one capture, over all its rings and threads. Any thread. */
public final class HandlerTables {
    private final WorkerConfig worker;
    private final String captureName;
    private final List<HandlerTable> tables = new ArrayList<>();

    /** Empty tables, one for each of the worker's handlers. */
    public HandlerTables(WorkerConfig worker, String captureName) {
        this(worker, captureName, true);
    }

    /** The same for a capture that is live, or for one whose frames come out of a file. */
    public HandlerTables(WorkerConfig worker, String captureName, boolean live) {
        this.worker = worker;
        this.captureName = captureName;
        worker.handlers().forEach(handler -> tables.add(new HandlerTable(live)));
    }

    HandlerTable of(int handler) {
        return tables.get(handler);
    }

    /** Returns what the handlers that publish anything have published. */
    public List<HandlerCounts> counts() {
        List<HandlerCounts> counts = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            var sums = tables.get(i).sums();
            if (!sums.isEmpty()) {
                counts.add(new HandlerCounts(
                        worker.name(),
                        captureName,
                        worker.handlers().get(i).type(),
                        sums,
                        tables.get(i).gauges()));
            }
        }
        return counts;
    }
}
