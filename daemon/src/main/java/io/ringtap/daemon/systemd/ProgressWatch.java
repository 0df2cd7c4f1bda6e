package io.ringtap.daemon.systemd;

import io.ringtap.ledger.Progress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A watch over threads that must move. Looks from outside, again and again: a thread has moved if its position has, or if it
 * has no work before it. One that takes long for a frame moves seldom, so what has moved is remembered until all have. One
 * thread.
 */
final class ProgressWatch {
    private final Map<String, Long> positions = new HashMap<>();
    private final Set<String> moved = new HashSet<>();

    /** Those that have not moved since all last had; if there are none, all have once more. */
    List<String> still(List<Progress> threads) {
        for (Progress thread : threads) {
            Long before = positions.put(thread.thread(), thread.position());
            if (!thread.busy() || before == null || before != thread.position()) {
                moved.add(thread.thread());
            }
        }
        List<String> still = threads.stream()
                .map(Progress::thread)
                .filter(t -> !moved.contains(t))
                .toList();
        if (still.isEmpty()) {
            moved.clear();
        }
        return still;
    }
}
