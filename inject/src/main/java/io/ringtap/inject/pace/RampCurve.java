package io.ringtap.inject.pace;

import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.SendRate;

/**
 * The time at which a rate that changes evenly from f to r within T has let an amount x pass: where f t + (r - f) t²/(2 T) =
 * x. After that time it is (f + r) T/2, so that the deadlines go on as if the rate had been r from (r - f) T/(2 r) after the
 * start on. For one thread.
 */
final class RampCurve {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double fromPerNano;
    private final double growth;
    private final double whole;
    private final double lostNanos;
    private long startNanos;

    RampCurve(Ramp ramp, SendRate to) {
        double overNanos = ramp.over().toNanos();
        double toPerNano = to.perSecond() / NANOS_PER_SECOND;
        fromPerNano = ramp.from().map(SendRate::perSecond).orElse(0.0) / NANOS_PER_SECOND;
        growth = (toPerNano - fromPerNano) / overNanos;
        whole = (fromPerNano + toPerNano) / 2 * overNanos;
        lostNanos = (toPerNano - fromPerNano) / (2 * toPerNano) * overNanos;
    }

    /** Begins; gives the time from which the steady rate after it counts. */
    long restart(long nowNanos) {
        startNanos = nowNanos;
        return nowNanos + Math.round(lostNanos);
    }

    /** Moves on its beginning. */
    void shift(long byNanos) {
        startNanos += byNanos;
    }

    /** Returns whether an amount since the start is more than passes in the ramp. */
    boolean isOver(long amount) {
        return amount > whole;
    }

    /** Returns when an amount since the start has passed, which is not over. */
    long nanos(long amount) {
        double root = Math.sqrt(fromPerNano * fromPerNano + 2 * growth * amount);
        return startNanos + Math.round(2 * amount / (fromPerNano + root)); // the form that does not cancel
    }
}
