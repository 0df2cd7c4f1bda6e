package io.ringtap.handler.flows;

import io.ringtap.frame.Answer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Looks through a table for the flows with the most frames or bytes, some thousand places at a time, between which flows
 * come and go. It walks downwards: a flow that is moved is moved down, where it is met again, and never missed.
 */
final class TopFlows implements Answer.Slices {
    private static final int SLICE_SLOTS = 4_096;
    private static final int SLICE_ROWS = 32;

    /** So that one that was met twice takes no other's place. */
    private static final int MOST_TWICE = 16;

    private static final int REVERSE = FlowTable.REVERSE_FRAMES - FlowTable.FORWARD_FRAMES;

    private final FlowTable table;
    private final FlowText text;
    private final int top;
    private final int measure;
    private final PriorityQueue<long[]> found;
    private final StringBuilder out = new StringBuilder();
    private final Set<List<Long>> written = new HashSet<>();
    private long left;
    private boolean lastCluster;
    private Iterator<long[]> rows;

    /** Looks for the {@code top} flows, by bytes or by frames. */
    TopFlows(FlowTable table, FlowText text, int top, boolean byBytes) {
        this.table = table;
        this.text = text;
        this.top = top;
        measure = byBytes ? FlowTable.FORWARD_BYTES : FlowTable.FORWARD_FRAMES;
        found = new PriorityQueue<>(Comparator.comparingLong(this::amount));
        left = table.slots();
    }

    private long amount(long[] entry) {
        return entry[measure] + entry[measure + REVERSE];
    }

    @Override
    public Optional<String> next() {
        if (rows == null) {
            lookOn();
            return Optional.empty();
        }
        for (int i = 0; i < SLICE_ROWS && rows.hasNext() && written.size() < top; i++) {
            write(rows.next());
        }
        boolean more = rows.hasNext() && written.size() < top;
        return more ? Optional.empty() : Optional.of(out.append("]}").toString());
    }

    private void lookOn() {
        for (int i = 0; i < SLICE_SLOTS && rows == null; i++) {
            long slot = --left;
            boolean used = table.isUsed(slot);
            if (used) {
                look(slot);
            }
            if (left == 0 && !lastCluster) {
                // From the first place a flow is moved to the last one: what stands together there is looked at again.
                lastCluster = true;
                left = table.slots();
            } else if (lastCluster && (!used || left == 0)) {
                begin();
            }
        }
    }

    private void look(long slot) {
        boolean full = found.size() == top + MOST_TWICE;
        if (full && table.get(slot, measure) + table.get(slot, measure + REVERSE) <= amount(found.element())) {
            return;
        }
        long[] entry = full ? found.remove() : new long[FlowTable.ENTRY_LONGS];
        table.copy(slot, entry, 0);
        found.add(entry);
    }

    private void begin() {
        Comparator<long[]> most = Comparator.comparingLong(this::amount).reversed();
        rows = found.stream()
                .sorted(most.thenComparingLong(entry -> entry[FlowTable.FIRST]))
                .iterator();
        out.append("{\"active\":").append(table.size()).append(",\"flows\":[");
    }

    private void write(long[] entry) {
        if (written.add(Arrays.stream(entry, 0, FlowTable.LAST).boxed().toList())) {
            out.append(written.size() == 1 ? "" : ",");
            text.open(out, entry, 0);
            out.append('}');
        }
    }
}
