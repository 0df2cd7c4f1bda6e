package io.ringtap.ledger;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The counts of a worker on one capture. All counts are frames.
 *
 * @param name the worker's name
 * @param capture the capture's name
 * @param delivery how it gets its frames, as the configuration says it: {@code gate}, {@code detach} or {@code in-place}
 * @param published handed to this worker's ring by the capture
 * @param delivered handled by every handler whose filter let it pass
 * @param failed a handler threw
 * @param shed did not fit into its queue, and its spill (a detached worker only)
 * @param sampledOut of a flow that its sample leaves out
 * @param sieved left out by a handler of an in-place worker before they came to this one
 * @param duplicate the same came before, within the time that the worker looks back
 * @param lag how far the slowest thread is behind the capture
 * @param blockedNanos time the capture waited for room while this worker was the slowest, nanoseconds
 * @param load how busy it is; absent if not known
 * @param spill what it has spilled; absent if it does not spill
 */
public record WorkerCounts(
        String name,
        String capture,
        String delivery,
        long published,
        long delivered,
        long failed,
        long shed,
        long sampledOut,
        long sieved,
        long duplicate,
        long lag,
        long blockedNanos,
        Optional<WorkerLoad> load,
        Optional<SpillCounts> spill) {
    /** It is waited for. */
    public static final String GATE = "gate";

    /** It has a queue of its own, and sheds what does not fit. */
    public static final String DETACH = "detach";

    /** Its handlers run on the capture thread. */
    public static final String IN_PLACE = "in-place";

    /** Counts of a worker that passes duplicates, and does not spill. */
    public WorkerCounts(
            String name,
            String capture,
            String delivery,
            long published,
            long delivered,
            long failed,
            long shed,
            long sampledOut,
            long sieved,
            long lag,
            long blockedNanos,
            Optional<WorkerLoad> load) {
        this(
                name,
                capture,
                delivery,
                published,
                delivered,
                failed,
                shed,
                sampledOut,
                sieved,
                0,
                lag,
                blockedNanos,
                load,
                Optional.empty());
    }

    /** Counts of a gate worker on all flows whose load is not known, or of a detached one if it has shed any. */
    public WorkerCounts(
            String name,
            String capture,
            long published,
            long delivered,
            long failed,
            long shed,
            long lag,
            long blockedNanos) {
        this(
                name,
                capture,
                shed > 0 ? DETACH : GATE,
                published,
                delivered,
                failed,
                shed,
                0,
                0,
                lag,
                blockedNanos,
                Optional.empty());
    }

    /** Returns what is left of them when the capture has ended, and nothing is handled any more. */
    WorkerCounts ended() {
        return new WorkerCounts(
                name,
                capture,
                delivery,
                published,
                delivered,
                failed,
                shed,
                sampledOut,
                sieved,
                duplicate,
                0,
                blockedNanos,
                Optional.empty(),
                spill.map(SpillCounts::ended));
    }

    /** With what an earlier worker of that name counted on a capture of that name. */
    WorkerCounts plus(WorkerCounts earlier) {
        return new WorkerCounts(
                name,
                capture,
                detached() ? delivery : earlier.delivery,
                published + earlier.published,
                delivered + earlier.delivered,
                failed + earlier.failed,
                shed + earlier.shed,
                sampledOut + earlier.sampledOut,
                sieved + earlier.sieved,
                duplicate + earlier.duplicate,
                lag,
                blockedNanos + earlier.blockedNanos,
                load,
                Stream.concat(spill.stream(), earlier.spill.stream()).reduce(SpillCounts::plus));
    }

    /** Without what it had counted at an earlier look. */
    WorkerCounts minus(WorkerCounts earlier) {
        return new WorkerCounts(
                name,
                capture,
                delivery,
                published - earlier.published,
                delivered - earlier.delivered,
                failed - earlier.failed,
                shed - earlier.shed,
                sampledOut - earlier.sampledOut,
                sieved - earlier.sieved,
                duplicate - earlier.duplicate,
                lag,
                blockedNanos - earlier.blockedNanos,
                load,
                spill.map(now -> now.minus(earlier.spill.orElse(SpillCounts.NONE))));
    }

    /** Returns whether it sheds what does not fit into its queue. */
    public boolean detached() {
        return delivery.equals(DETACH);
    }

    /** Returns whether the capture thread runs its handlers. */
    public boolean inPlace() {
        return delivery.equals(IN_PLACE);
    }

    /** Published, or left by an earlier run, and neither handled nor kept for the next. */
    public long inFlight() {
        long taken = spill.map(s -> s.resumed() - s.kept()).orElse(0L);
        return published + taken - delivered - failed - shed - sampledOut - sieved - duplicate;
    }

    /** The share of the published frames that were shed, from 0 to 1. */
    public double shedShare() {
        return published == 0 ? 0 : (double) shed / published;
    }
}
