package io.ringtap.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes down the gaps of a capture or of the streams on an interface. Any thread. */
public final class Gaps {
    /** How many are kept one by one; all are counted. */
    public static final int KEPT = 100;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Gap> ended = new ArrayDeque<>();
    private long count;
    private long endedNanos;

    // of the gap that lasts
    private @Nullable Instant from; // null: none does
    private long fromNanos;
    private Gap.Cause cause = Gap.Cause.NO_CARRIER;
    private String detail = "";

    /** By the system's clocks. */
    public Gaps() {
        this(InstantSource.system(), System::nanoTime);
    }

    Gaps(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * A gap begins, or, if one lasts, goes on: then a graver cause takes the place of the one before.
     *
     * @param why what the system says, where {@code gapCause} alone does not tell; else empty
     * @return whether it begins
     */
    public synchronized boolean begin(Gap.Cause gapCause, String why) {
        boolean begins = from == null;
        if (begins) {
            from = clock.instant();
            fromNanos = nanoTime.getAsLong();
            count++;
            if (ended.size() == KEPT) {
                ended.removeFirst();
            }
        }
        if (begins || gapCause.compareTo(cause) >= 0) {
            cause = gapCause;
            detail = why;
        }
        return begins;
    }

    /** The gap is over. It, if one lasted. */
    public synchronized Optional<Gap> end() {
        if (from == null) {
            return Optional.empty();
        }
        Gap gap = lasting(from, Optional.of(clock.instant()));
        endedNanos += gap.nanos();
        ended.addLast(gap);
        from = null;
        return Optional.of(gap);
    }

    private Gap lasting(Instant since, Optional<Instant> to) {
        return new Gap(since, to, nanoTime.getAsLong() - fromNanos, cause, detail);
    }

    /** Returns whether one lasts. */
    public synchronized boolean lasts() {
        return from != null;
    }

    /** Returns what there has been so far. */
    public synchronized GapCounts counts() {
        if (count == 0) {
            return GapCounts.NONE;
        }
        List<Gap> latest = new ArrayList<>(ended);
        long nanos = endedNanos;
        if (from != null) {
            Gap gap = lasting(from, Optional.empty());
            latest.add(gap);
            nanos += gap.nanos();
        }
        return new GapCounts(count, nanos, latest);
    }
}
