package io.ringtap.ledger;

import java.util.Optional;

/**
 * The counts of a worker on one capture. All counts are frames.
 *
 * @param name the worker's name
 * @param capture the capture's name
 * @param detached whether it has a queue of its own, and sheds what does not fit
 * @param published handed to this worker's ring by the capture
 * @param delivered handled by every handler whose filter let it pass
 * @param failed a handler threw
 * @param shed did not fit into its queue (a detached worker only)
 * @param sampledOut of a flow that its sample leaves out
 * @param lag how far the slowest thread is behind the capture
 * @param blockedNanos time the capture waited for room while this worker was the slowest, nanoseconds
 * @param load how busy it is; absent if not known
 */
public record WorkerCounts(
        String name,
        String capture,
        boolean detached,
        long published,
        long delivered,
        long failed,
        long shed,
        long sampledOut,
        long lag,
        long blockedNanos,
        Optional<WorkerLoad> load) {
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
        this(name, capture, shed > 0, published, delivered, failed, shed, 0, lag, blockedNanos, Optional.empty());
    }

    /** Returns what is left of them when the capture has ended, and nothing is handled any more. */
    WorkerCounts ended() {
        return new WorkerCounts(
                name,
                capture,
                detached,
                published,
                delivered,
                failed,
                shed,
                sampledOut,
                0,
                blockedNanos,
                Optional.empty());
    }

    /** With what an earlier worker of that name counted on a capture of that name. */
    WorkerCounts plus(WorkerCounts earlier) {
        return new WorkerCounts(
                name,
                capture,
                detached || earlier.detached,
                published + earlier.published,
                delivered + earlier.delivered,
                failed + earlier.failed,
                shed + earlier.shed,
                sampledOut + earlier.sampledOut,
                lag,
                blockedNanos + earlier.blockedNanos,
                load);
    }

    /** Published and not yet handled. */
    public long inFlight() {
        return published - delivered - failed - shed - sampledOut;
    }

    /** The share of the published frames that were shed, from 0 to 1. */
    public double shedShare() {
        return published == 0 ? 0 : (double) shed / published;
    }
}
