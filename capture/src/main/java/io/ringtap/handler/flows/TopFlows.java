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
 * Looks through a table for the flows that a query asks for, some thousand places at a time, between which flows
 * come and go. It walks downwards: a flow that is moved is moved down, where it is met again, and never missed.
 */
final class TopFlows implements Answer.Slices {
    private static final int SLICE_SLOTS = 4_096;
    private static final int SLICE_ROWS = 32;

    /** So that one that was met twice takes no other's place. */
    private static final int MOST_TWICE = 16;

    private final FlowTable table;
    private final FlowText text;
    private final FlowQuery query;
    private final long now;
    private final PriorityQueue<Found> found = new PriorityQueue<>(Comparator.comparingDouble(Found::amount));
    private final FlowEntry view = new FlowEntry();
    private final StringBuilder out = new StringBuilder();
    private final Set<List<Long>> written = new HashSet<>();
    private long[] entry = new long[FlowTable.ENTRY_LONGS];
    private long left;
    private boolean lastCluster;
    private Iterator<Found> rows;

    private record Found(double amount, long[] entry) {}

    /** Looks for flows, whose rates are those before {@code now}. */
    TopFlows(FlowTable table, FlowText text, FlowQuery query, long now) {
        this.table = table;
        this.text = text;
        this.query = query;
        this.now = now;
        left = table.slots();
    }

    @Override
    public Optional<String> next() {
        if (rows == null) {
            lookOn();
            return Optional.empty();
        }
        for (int i = 0; i < SLICE_ROWS && rows.hasNext() && written.size() < query.top(); i++) {
            write(rows.next());
        }
        boolean more = rows.hasNext() && written.size() < query.top();
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
        table.copy(slot, entry, 0);
        if (!query.filter().passes(view.at(entry, 0))) {
            return;
        }
        double amount = query.by().of(view, now);
        if (found.size() < query.top() + MOST_TWICE) {
            found.add(new Found(amount, entry));
            entry = new long[FlowTable.ENTRY_LONGS];
        } else if (amount > found.element().amount()) {
            long[] least = found.remove().entry();
            found.add(new Found(amount, entry));
            entry = least;
        }
    }

    private void begin() {
        Comparator<Found> most = Comparator.comparingDouble(Found::amount).reversed();
        rows = found.stream()
                .sorted(most.thenComparingLong(each -> each.entry()[FlowTable.FIRST]))
                .iterator();
        out.append("{\"active\":").append(table.size()).append(",\"flows\":[");
    }

    private void write(Found row) {
        if (written.add(Arrays.stream(row.entry(), 0, FlowTable.LAST).boxed().toList())) {
            out.append(written.size() == 1 ? "" : ",");
            text.open(out, row.entry(), 0);
            text.rate(out, now);
            out.append('}');
        }
    }
}
