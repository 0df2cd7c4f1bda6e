package io.ringtap.capture.ring;

import io.ringtap.ledger.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The counters that the instances of one handler publish, added up by name. Any thread. */
final class HandlerTable {
    private final Map<String, Map<String, List<Counter>>> counters = new TreeMap<>();

    /** A counter of one instance's own. */
    synchronized Counter add(String row, String column) {
        Counter counter = new Counter();
        counters.computeIfAbsent(row, r -> new TreeMap<>())
                .computeIfAbsent(column, c -> new ArrayList<>())
                .add(counter);
        return counter;
    }

    synchronized SortedMap<String, SortedMap<String, Long>> sums() {
        SortedMap<String, SortedMap<String, Long>> sums = new TreeMap<>();
        counters.forEach((row, columns) -> {
            SortedMap<String, Long> sum = new TreeMap<>();
            columns.forEach((column, instances) ->
                    sum.put(column, instances.stream().mapToLong(Counter::value).sum()));
            sums.put(row, sum);
        });
        return sums;
    }
}
