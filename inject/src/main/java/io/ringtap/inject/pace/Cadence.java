package io.ringtap.inject.pace;

import io.ringtap.inject.config.SendRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * A time that moves on by amounts, of frames or bits, at so many a second, and stays on the nearest nanosecond however many
 * steps it makes: what is less than a nanosecond is carried. For one thread.
 */
final class Cadence {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int DECIMAL_PLACES = 9;

    private final long wholeNanos;
    private final long fraction;
    private final long divisor;

    private long nanos;
    private long carried;

    private Cadence(long periodNumerator, long divisor) {
        this.wholeNanos = periodNumerator / divisor;
        this.fraction = periodNumerator % divisor;
        this.divisor = divisor;
    }

    /** One of the same steps. */
    Cadence(Cadence other) {
        wholeNanos = other.wholeNanos;
        fraction = other.fraction;
        divisor = other.divisor;
    }

    /** Goes where another one is, of the same steps. */
    void goTo(Cadence other) {
        nanos = other.nanos;
        carried = other.carried;
    }

    /** So many steps of 1 in an interval: exact. */
    static Cadence every(Duration interval, int steps) {
        return new Cadence(interval.toNanos(), steps);
    }

    /**
     * A rate. Exact for rates of at most nine decimal places in frames, and for those in whole bits; others are off by
     * less than a billionth.
     */
    static Cadence of(SendRate rate) {
        BigDecimal exact = BigDecimal.valueOf(rate.perSecond()).stripTrailingZeros();
        if (exact.scale() > DECIMAL_PLACES && rate.perSecond() < 1) {
            return new Cadence(Math.round(NANOS_PER_SECOND / rate.perSecond()), 1);
        }
        // What is carried, and the largest step's share of it, must fit a long together.
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE / (rate.mostAmount() + 1));
        int places = Math.clamp(exact.scale(), 0, DECIMAL_PLACES);
        while (places > 0 && exact.movePointRight(places).compareTo(most) > 0) {
            places--;
        }
        long seconds = BigDecimal.TEN.pow(places).longValueExact();
        long amounts =
                exact.setScale(places, RoundingMode.HALF_UP).unscaledValue().longValueExact();
        return new Cadence(seconds * NANOS_PER_SECOND, amounts);
    }

    /** Goes to a time, from which the steps count. */
    void restart(long atNanos) {
        nanos = atNanos;
        carried = divisor / 2; // rounds to the nearest
    }

    /** As {@link #restart}, with steps that go to the nanosecond at or after their time. */
    void restartAfter(long atNanos) {
        nanos = atNanos;
        carried = divisor - 1;
    }

    /** Moves on without a step. */
    void shift(long byNanos) {
        nanos += byNanos;
    }

    /** Goes on by what an amount takes that may be larger than the rate's largest. */
    void stepFar(long amount) {
        long most = (Long.MAX_VALUE - divisor) / Math.max(1, Math.max(fraction, wholeNanos));
        for (long left = amount; left > 0; left -= most) {
            step(Math.min(left, most));
        }
    }

    /** Goes on by what an amount takes, of one frame at most. */
    void step(long amount) {
        nanos += amount * wholeNanos;
        carried += amount * fraction;
        if (carried >= divisor) {
            nanos += carried / divisor;
            carried %= divisor;
        }
    }

    /** The time it has come to. */
    long nanos() {
        return nanos;
    }
}
