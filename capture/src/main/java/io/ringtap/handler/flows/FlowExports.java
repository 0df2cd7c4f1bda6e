package io.ringtap.handler.flows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The exports of ended flows, and the flows handlers that give them: those there are, and those to come. Any thread. */
public final class FlowExports {
    private final List<FlowExport> open = new ArrayList<>();
    private final List<FlowOutlet> outlets = new ArrayList<>();

    /**
     * Begins an export, which takes ended flows from now on.
     *
     * @param workers the workers whose flows are meant; empty: all
     * @param wake called on a handler's thread when there is much to drain
     */
    public synchronized FlowExport open(Collection<String> workers, Runnable wake) {
        FlowExport export = new FlowExport(this, workers, wake);
        open.add(export);
        outlets.forEach(export::join);
        return export;
    }

    /** Gives an outlet a queue to each export that wants its worker's flows, now and later. */
    synchronized void add(FlowOutlet outlet) {
        outlets.add(outlet);
        open.forEach(export -> export.join(outlet));
    }

    /** An outlet gives no more. */
    synchronized void remove(FlowOutlet outlet) {
        outlets.remove(outlet);
    }

    /** An export takes no more. */
    synchronized void remove(FlowExport export) {
        open.remove(export);
        outlets.forEach(outlet -> outlet.remove(export));
    }
}
