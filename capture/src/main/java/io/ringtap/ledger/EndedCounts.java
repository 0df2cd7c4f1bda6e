package io.ringtap.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * The counts of captures that have ended, with their workers and handlers: one entry a name, however many have had it. Added
 * to the counts of those that run, no count falls when a capture is replaced, and none vanishes with it. Immutable.
 *
 * @param captures by name
 * @param workers by their name and the capture's
 * @param handlers by worker, capture, type, and place among those of a type
 * @param drained whether each of them had all of its frames handled
 */
public record EndedCounts(
        List<CaptureCounts> captures, List<WorkerCounts> workers, List<HandlerCounts> handlers, boolean drained) {
    /** Nothing has ended. */
    public static final EndedCounts NONE = new EndedCounts(List.of(), List.of(), List.of(), true);

    /** Keeps the lists as they are now. */
    public EndedCounts {
        captures = List.copyOf(captures);
        workers = List.copyOf(workers);
        handlers = List.copyOf(handlers);
    }

    /** With a capture that has now ended. */
    public EndedCounts plus(
            CaptureCounts capture, List<WorkerCounts> itsWorkers, List<HandlerCounts> itsHandlers, boolean itDrained) {
        return new EndedCounts(
                addedTo(List.of(capture.ended()), captures),
                addedToWorkers(itsWorkers.stream().map(WorkerCounts::ended).toList()),
                addedToHandlers(itsHandlers.stream().map(HandlerCounts::ended).toList()),
                drained && itDrained);
    }

    /** The counts of captures that run, with those of their names that have ended; behind them, the other ended ones. */
    public List<CaptureCounts> addedTo(List<CaptureCounts> running) {
        return addedTo(running, captures);
    }

    private static List<CaptureCounts> addedTo(List<CaptureCounts> running, List<CaptureCounts> ended) {
        return sums(running, ended, counts -> List.of(counts.name()), CaptureCounts::plus);
    }

    /** As {@link #addedTo}, for workers. */
    public List<WorkerCounts> addedToWorkers(List<WorkerCounts> running) {
        return sums(running, workers, counts -> List.of(counts.capture(), counts.name()), WorkerCounts::plus);
    }

    /** As {@link #addedTo}, for handlers. */
    public List<HandlerCounts> addedToHandlers(List<HandlerCounts> running) {
        return sums(
                running,
                handlers,
                counts -> List.of(counts.capture(), counts.worker(), counts.type()),
                HandlerCounts::plus);
    }

    private static <C> List<C> sums(
            Collection<C> running, Collection<C> ended, Function<C, List<String>> name, BinaryOperator<C> plus) {
        Map<List<Object>, C> rest = placed(ended, name);
        List<C> sums = new ArrayList<>();
        placed(running, name).forEach((place, counts) -> {
            C earlier = rest.remove(place);
            sums.add(earlier == null ? counts : plus.apply(counts, earlier));
        });
        sums.addAll(rest.values());
        return sums;
    }

    /** A worker may have several handlers of a type: the first goes with the first, the second with the second. */
    private static <C> Map<List<Object>, C> placed(Collection<C> all, Function<C, List<String>> name) {
        Map<List<String>, Integer> seen = new HashMap<>();
        Map<List<Object>, C> placed = new LinkedHashMap<>();
        all.forEach(counts ->
                placed.put(List.of(name.apply(counts), seen.merge(name.apply(counts), 1, Integer::sum)), counts));
        return placed;
    }
}
