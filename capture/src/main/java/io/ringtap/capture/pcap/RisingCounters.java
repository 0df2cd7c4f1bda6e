package io.ringtap.capture.pcap;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds up what counters rise by from look to look. One that has fallen (its driver was loaded or reset) counts on from where it
 * fell to: nothing is taken back, and nothing made up. One thread's at a time.
 *
 * @param <K> names a counter
 */
final class RisingCounters<K> {
    private final Map<K, Long> last = new HashMap<>();
    private final Map<K, Long> sums = new LinkedHashMap<>();

    /** Begins, or begins anew on other counters of the same names: what has been counted by now is not added. */
    void begin(Map<K, Long> now) {
        last.clear();
        add(now);
    }

    /**
     * Adds what each counter has risen by since the last look; one that is seen for the first time, nothing. Returns whether a sum
     * is another one now, or new.
     */
    boolean add(Map<K, Long> now) {
        boolean changed = false;
        for (Map.Entry<K, Long> counted : now.entrySet()) {
            long value = counted.getValue();
            Long before = last.put(counted.getKey(), value);
            long risen = before == null ? 0 : Math.max(0, value - before);
            if (risen > 0 || !sums.containsKey(counted.getKey())) {
                sums.merge(counted.getKey(), risen, Long::sum);
                changed = true;
            }
        }
        return changed;
    }

    /** Returns the sums, in the order in which the counters were first seen. */
    Map<K, Long> sums() {
        return new LinkedHashMap<>(sums);
    }
}
