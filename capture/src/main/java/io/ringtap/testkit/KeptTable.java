package io.ringtap.testkit;

import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The counters and gauges that a handler has made, by row and column. One thread. */
final class KeptTable {
    private final Map<String, Map<String, Object>> rows = new TreeMap<>();

    /** The counter or gauge of a place, made if there is none. @throws IllegalArgumentException if its column holds the other kind */
    @SuppressWarnings("unchecked") // what is there is of its class, or its column would be refused
    <T> T add(String row, String column, T made) {
        boolean mixed = rows.values().stream()
                .map(columns -> columns.get(column))
                .anyMatch(there -> there != null && there.getClass() != made.getClass());
        if (mixed) {
            throw new IllegalArgumentException("column " + column + " holds counters or gauges, not both");
        }
        return (T) rows.computeIfAbsent(row, _ -> new TreeMap<>()).computeIfAbsent(column, _ -> made);
    }

    void remove(String row) {
        rows.remove(row);
    }

    SortedMap<String, SortedMap<String, Long>> values() {
        SortedMap<String, SortedMap<String, Long>> values = new TreeMap<>();
        rows.forEach((row, columns) -> {
            SortedMap<String, Long> read = new TreeMap<>();
            columns.forEach((column, value) -> read.put(column, read(value)));
            values.put(row, read);
        });
        return values;
    }

    long value(String row, String column) {
        Object value = rows.getOrDefault(row, Map.of()).get(column);
        if (value == null) {
            throw new IllegalArgumentException("no row " + row + " with column " + column + ": " + values());
        }
        return read(value);
    }

    private static long read(Object value) {
        return value instanceof Counter counter ? counter.value() : ((Gauge) value).value();
    }
}
