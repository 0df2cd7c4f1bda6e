package io.ringtap.daemon.cli.top;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rates of late, of each stage that counts frames: differences between looks. One thread's. */
final class TopHistory {
    /** So many looks. */
    static final int LENGTH = 120;

    private static final double NANOS = 1e9;

    private final Map<String, Deque<Double>> rates = new HashMap<>();
    private Optional<StatsLook> last = Optional.empty();

    /** Adds a look; one at another daemon than before begins anew. */
    void add(StatsLook look) {
        Map<String, Long> now = counts(look.ledger());
        Optional<Duration> since = last.map(before -> look.uptime().minus(before.uptime()));
        if (since.isPresent() && since.get().isPositive()) {
            Map<String, Long> before = counts(last.orElseThrow().ledger());
            double seconds = since.get().toNanos() / NANOS;
            now.forEach((name, count) -> {
                Deque<Double> of = rates.computeIfAbsent(name, key -> new ArrayDeque<>());
                of.addLast(Math.max(0, count - before.getOrDefault(name, count)) / seconds);
                if (of.size() > LENGTH) {
                    of.removeFirst();
                }
            });
            rates.keySet().retainAll(now.keySet());
        } else if (since.isPresent() && since.get().isNegative()) {
            rates.clear();
        }
        last = Optional.of(look);
    }

    /** Returns the rates of a count, in frames a second, the latest last. */
    List<Double> of(String count) {
        return new ArrayList<>(rates.getOrDefault(count, new ArrayDeque<>()));
    }

    /** Returns the latest rate; absent before the second look. */
    Optional<Double> latest(String count) {
        return Optional.ofNullable(rates.getOrDefault(count, new ArrayDeque<>()).peekLast());
    }

    static String received(CaptureCounts capture) {
        return "received " + capture.name();
    }

    static String published(CaptureCounts capture) {
        return "published " + capture.name();
    }

    /** What was lost before the ring of this process. */
    static String lost(CaptureCounts capture) {
        return "lost " + capture.name();
    }

    static String delivered(WorkerCounts worker) {
        return "delivered " + worker.name() + " " + worker.capture();
    }

    static String sent(InjectCounts stream) {
        return "sent " + stream.name();
    }

    private static Map<String, Long> counts(Ledger ledger) {
        Map<String, Long> counts = new HashMap<>();
        for (CaptureCounts capture : ledger.captures()) {
            counts.put(received(capture), capture.received());
            counts.put(published(capture), capture.published());
            counts.put(lost(capture), capture.lostBeforeTap() + capture.kernelDropped() + capture.unread());
        }
        ledger.workers().forEach(worker -> counts.put(delivered(worker), worker.delivered()));
        ledger.injects().forEach(stream -> counts.put(sent(stream), stream.sent()));
        return counts;
    }
}
