package io.ringtap.daemon.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names for the handlers of one scrape: a worker may have several of a type, in an order that does not change. */
final class HandlerNames {
    private final Set<List<String>> taken = new HashSet<>();

    /** The type, and a number behind it from the second of that type on: {@code watch}, {@code watch-2}. */
    String next(String worker, String capture, String type) {
        String name = type;
        for (int number = 2; !taken.add(List.of(worker, capture, name)); number++) {
            name = type + "-" + number;
        }
        return name;
    }
}
