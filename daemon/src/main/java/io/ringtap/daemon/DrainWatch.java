package io.ringtap.daemon;

import io.ringtap.ledger.WorkerCounts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rest of the workers' work when every capture has ended by itself. A gate worker gets all the time it needs; a detached
 * one, which must not harm others, as long as it gets on: if it has not finished a frame for {@link #STILL}, it hangs. One
 * thread.
 */
final class DrainWatch {
    /** As long as the service's watchdog gives a thread. */
    static final Duration STILL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    private final Map<Place, Standing> standings = new HashMap<>();

    private record Place(String worker, String capture) {}

    private record Standing(long inFlight, long sinceNanos, boolean told) {}

    /** Returns whether nothing is left that is worth waiting for; what is not is logged, once. */
    boolean isOver(List<WorkerCounts> workers, long nowNanos) {
        boolean over = true;
        for (WorkerCounts worker : workers) {
            over &= worker.inFlight() == 0 || (worker.detached() && hangs(worker, nowNanos));
        }
        return over;
    }

    private boolean hangs(WorkerCounts worker, long nowNanos) {
        Place place = new Place(worker.name(), worker.capture());
        Standing before = standings.get(place);
        if (before == null || before.inFlight() != worker.inFlight()) {
            standings.put(place, new Standing(worker.inFlight(), nowNanos, false));
            return false;
        }
        boolean hangs = nowNanos - before.sinceNanos() >= STILL.toNanos();
        if (hangs && !before.told()) {
            LOG.error(
                    "capture {} has ended, and worker {} has not finished a frame for {} s, with {} before it: goes on"
                            + " without",
                    worker.capture(),
                    worker.name(),
                    STILL.toSeconds(),
                    worker.inFlight());
            standings.put(place, new Standing(before.inFlight(), before.sinceNanos(), true));
        }
        return hangs;
    }
}
