package io.ringtap.ledger;

/**
 * What a worker has counted on one capture. All counts are frames.
 *
 * @param name the worker's name
 * @param capture the capture's name
 * @param published handed to this worker's ring by the capture
 * @param delivered handled by every handler
 * @param failed a handler threw
 * @param shed did not fit (a detached worker only)
 * @param lag how far the slowest thread is behind the capture
 * @param blockedNanos time the capture waited for room while this worker was the slowest, nanoseconds
 */
public record WorkerCounts(
        String name,
        String capture,
        long published,
        long delivered,
        long failed,
        long shed,
        long lag,
        long blockedNanos) {
    /** Published and not yet handled. */
    public long inFlight() {
        return published - delivered - failed - shed;
    }
}
