package io.ringtap.ledger;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table a handler publishes, added up over its threads.
 *
 * @param worker the worker's name
 * @param capture the capture's name
 * @param type the handler's type
 * @param table row to column to count
 * @param gauges the columns whose values may fall; all others only rise
 */
public record HandlerCounts(
        String worker,
        String capture,
        String type,
        SortedMap<String, SortedMap<String, Long>> table,
        Set<String> gauges) {
    /** A table of nothing but counters. */
    public HandlerCounts(String worker, String capture, String type, SortedMap<String, SortedMap<String, Long>> table) {
        this(worker, capture, type, table, Set.of());
    }

    /** Returns what is left of them when the handler has ended: what it counted, and nothing that was so at a moment. */
    HandlerCounts ended() {
        SortedMap<String, SortedMap<String, Long>> counted = new TreeMap<>();
        table.forEach((row, columns) -> {
            SortedMap<String, Long> counters = new TreeMap<>(columns);
            counters.keySet().removeAll(gauges);
            if (!counters.isEmpty()) {
                counted.put(row, counters);
            }
        });
        return new HandlerCounts(worker, capture, type, counted);
    }

    /** With what an earlier handler in the same place counted. */
    HandlerCounts plus(HandlerCounts earlier) {
        SortedMap<String, SortedMap<String, Long>> sums = new TreeMap<>();
        table.forEach((row, columns) -> sums.put(row, new TreeMap<>(columns)));
        earlier.table.forEach((row, columns) -> columns.forEach((column, count) -> {
            if (!gauges.contains(column)) {
                sums.computeIfAbsent(row, _ -> new TreeMap<>()).merge(column, count, Long::sum);
            }
        }));
        return new HandlerCounts(worker, capture, type, sums, gauges);
    }
}
