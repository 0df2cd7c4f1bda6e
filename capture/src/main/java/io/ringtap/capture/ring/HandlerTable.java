package io.ringtap.capture.ring;

import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The common part of one handler's instances on one capture: the counters and gauges that they publish, added up by name, and
 * an object of their own. Any thread.
 */
final class HandlerTable {
    private final Map<String, Map<String, List<Object>>> values = new TreeMap<>();

    private final boolean live;
    private Object shared;

    /** By column: Counter or Gauge. */
    private final Map<String, Class<?>> kinds = new TreeMap<>();

    HandlerTable(boolean live) {
        this.live = live;
    }

    /** Returns whether frames come as they happen. */
    boolean live() {
        return live;
    }

    /** The instances' common object, made by the first that asks. */
    synchronized Object shared(Supplier<?> maker) {
        if (shared == null) {
            shared = maker.get();
        }
        return shared;
    }

    /** A counter or gauge of one instance's own. @throws IllegalArgumentException if the column holds the other kind */
    synchronized <T> T add(String row, String column, T value) {
        if (kinds.computeIfAbsent(column, c -> value.getClass()) != value.getClass()) {
            throw new IllegalArgumentException("column " + column + " holds counters or gauges, not both");
        }
        values.computeIfAbsent(row, r -> new TreeMap<>())
                .computeIfAbsent(column, c -> new ArrayList<>())
                .add(value);
        return value;
    }

    /** Takes one instance's value out, and with the last one its place. */
    synchronized void remove(String row, String column, Object value) {
        Map<String, List<Object>> columns = values.get(row);
        List<Object> instances = columns.get(column);
        instances.remove(value);
        if (instances.isEmpty()) {
            columns.remove(column);
        }
        if (columns.isEmpty()) {
            values.remove(row);
        }
    }

    synchronized SortedMap<String, SortedMap<String, Long>> sums() {
        SortedMap<String, SortedMap<String, Long>> sums = new TreeMap<>();
        values.forEach((row, columns) -> {
            SortedMap<String, Long> sum = new TreeMap<>();
            columns.forEach((column, instances) -> sum.put(
                    column,
                    instances.stream()
                            .mapToLong(value -> reader(value).getAsLong())
                            .sum()));
            sums.put(row, sum);
        });
        return sums;
    }

    private static LongSupplier reader(Object value) {
        return value instanceof Counter counter ? counter::value : ((Gauge) value)::value;
    }

    /** The columns that hold gauges. */
    synchronized Set<String> gauges() {
        return kinds.entrySet().stream()
                .filter(column -> column.getValue() == Gauge.class)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
