package io.ringtap.ledger;

import java.util.List;
import java.util.Optional;

/**
 * The gaps of a capture or of a stream.
 *
 * @param count how many there have been, the one that lasts among them
 * @param nanos how long all of them took together
 * @param latest the last ones, at most {@link Gaps#KEPT}, the oldest first
 */
public record GapCounts(long count, long nanos, List<Gap> latest) {
    /** There has been none. */
    public static final GapCounts NONE = new GapCounts(0, 0, List.of());

    /** Keeps the list as it is now. */
    public GapCounts {
        latest = List.copyOf(latest);
    }

    /** The gap that lasts; absent if none does. */
    public Optional<Gap> lasting() {
        return latest.isEmpty() || latest.getLast().to().isPresent() ? Optional.empty() : Optional.of(latest.getLast());
    }
}
