package io.ringtap.capture.ring;

import io.ringtap.ledger.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the instances of one handler on one capture have in common: the counters that they publish, added up by name, the
 * figures that are not added up, and an object of theirs. Any thread.
 */
final class HandlerTable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerTable.class);

    private final boolean live;
    private final Map<String, Map<String, List<Counter>>> counters = new TreeMap<>();
    private final Map<String, Map<String, LongSupplier>> gauges = new TreeMap<>();
    private Object shared;
    private boolean gaugeFailed;

    HandlerTable(boolean live) {
        this.live = live;
    }

    /** Whether frames come as they happen. */
    boolean live() {
        return live;
    }

    /** A counter of one instance's own. */
    synchronized Counter add(String row, String column) {
        Counter counter = new Counter();
        counters.computeIfAbsent(row, r -> new TreeMap<>())
                .computeIfAbsent(column, c -> new ArrayList<>())
                .add(counter);
        return counter;
    }

    /** A figure of all instances; the last of its names stands. */
    synchronized void gauge(String row, String column, LongSupplier figure) {
        gauges.computeIfAbsent(row, r -> new TreeMap<>()).put(column, figure);
    }

    /** The instances' common object, made by the first that asks. */
    synchronized Object shared(Supplier<?> maker) {
        if (shared == null) {
            shared = maker.get();
        }
        return shared;
    }

    synchronized SortedMap<String, SortedMap<String, Long>> sums() {
        SortedMap<String, SortedMap<String, Long>> sums = new TreeMap<>();
        counters.forEach((row, columns) -> {
            SortedMap<String, Long> sum = new TreeMap<>();
            columns.forEach((column, instances) ->
                    sum.put(column, instances.stream().mapToLong(Counter::value).sum()));
            sums.put(row, sum);
        });
        gauges.forEach((row, columns) -> columns.forEach(
                (column, figure) -> show(sums.computeIfAbsent(row, r -> new TreeMap<>()), column, figure)));
        return sums;
    }

    /** A figure is computed by the handler's own code: if that throws, the rest is shown all the same. */
    private void show(SortedMap<String, Long> row, String column, LongSupplier figure) {
        try {
            row.put(column, figure.getAsLong());
        } catch (RuntimeException e) {
            if (!gaugeFailed) {
                gaugeFailed = true;
                LOG.warn("a handler's figure {} cannot be computed, and is left out", column, e);
            }
        }
    }
}
