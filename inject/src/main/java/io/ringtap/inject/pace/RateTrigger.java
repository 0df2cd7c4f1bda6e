package io.ringtap.inject.pace;

import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.SendRate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Absolute deadlines at a steady pace: the n-th frame falls due when n intervals, or at a rate in bits the bits of n frames,
 * have passed since the start, on the nearest nanosecond, however late the earlier ones were sent. No error adds up; see
 * {@link Cadence} for how exact a rate is. The frames of a burst fall due together, with the last of them.
 *
 * <p>For one thread.
 */
public final class RateTrigger extends DeadlineTrigger {
    private final Cadence cadence;
    private final LongToIntFunction lengthOf;
    private final Optional<SendRate> rate;
    private final int burst;
    private final RampCurve ramp; // null: none

    /** Looks at deadlines to come; null until it is needed. */
    private RateTrigger ahead;

    private long frame;
    private int leftOfBurst;
    private long amount; // of all frames to the end of the burst
    private long passed;

    private RateTrigger(
            Cadence cadence,
            Optional<SendRate> rate,
            int burst,
            RampCurve ramp,
            long frame,
            LongToIntFunction lengthOf) {
        this.cadence = cadence;
        this.rate = rate;
        this.burst = burst;
        this.ramp = ramp;
        this.frame = frame;
        this.lengthOf = lengthOf;
    }

    /** Goes where another one is, of the same pace. */
    private void goTo(RateTrigger other) {
        cadence.goTo(other.cadence);
        frame = other.frame;
        leftOfBurst = other.leftOfBurst;
        amount = other.amount;
        dueAt(other.deadlineNanos());
    }

    /** So many frames an interval; begins with {@link #restart}. */
    public static RateTrigger every(Duration interval, int burst) {
        return new RateTrigger(Cadence.every(interval, burst), Optional.empty(), burst, null, 0, _ -> 0);
    }

    /**
     * A rate; begins with {@link #restart}.
     *
     * @param frame the number of the first frame in its stream; a restart does not go back to it
     * @param lengthOf gives, for a frame's number, its bytes
     */
    public static RateTrigger rate(
            SendRate rate, int burst, Optional<Ramp> ramp, long frame, LongToIntFunction lengthOf) {
        RampCurve curve = ramp.map(given -> new RampCurve(given, rate)).orElse(null);
        return new RateTrigger(Cadence.of(rate), Optional.of(rate), burst, curve, frame, lengthOf);
    }

    @Override
    public void restart(long nowNanos) {
        start(nowNanos);
        amount = 0;
        passed = 0;
        cadence.restart(ramp == null ? nowNanos : ramp.restart(nowNanos));
        nextBurst();
    }

    @Override
    public long passed() {
        return passed;
    }

    @Override
    void shift(long nanos) {
        cadence.shift(nanos);
        if (ramp != null) {
            ramp.shift(nanos);
        }
    }

    @Override
    public int due(int limit, long nowNanos) {
        if (limit <= 1 || !isDue(nowNanos)) {
            return isDue(nowNanos) ? limit : 0;
        }
        if (ahead == null) {
            ahead = new RateTrigger(new Cadence(cadence), rate, burst, ramp, frame, lengthOf);
        }
        ahead.goTo(this);
        int due = 0;
        while (due < limit && ahead.isDue(nowNanos)) {
            ahead.advance();
            due++;
        }
        return due;
    }

    @Override
    public void advance() {
        passed = burst == 1 ? amount : passed + amountOf(frame);
        frame++;
        if (--leftOfBurst == 0) {
            nextBurst();
        }
    }

    private void nextBurst() {
        for (int i = 0; i < burst; i++) {
            long next = amountOf(frame + i);
            amount += next;
            cadence.step(next);
        }
        leftOfBurst = burst;
        dueAt(ramp == null || ramp.isOver(amount) ? cadence.nanos() : ramp.nanos(amount));
    }

    private long amountOf(long number) {
        return rate.isPresent() ? rate.get().amountOf(lengthOf.applyAsInt(number)) : 1;
    }
}
