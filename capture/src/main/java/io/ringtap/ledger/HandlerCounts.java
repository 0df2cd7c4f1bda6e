package io.ringtap.ledger;

import java.util.Set;
import java.util.SortedMap;

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
}
