package io.ringtap.inject;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Absolute deadlines at a steady rate: the n-th frame falls due n periods after the start, rounded to the nearest
 * nanosecond, however late the earlier ones were sent. The period is kept as whole nanoseconds and a fraction, which is
 * carried, so no error adds up. Exact for every interval, and for rates of at most nine decimal places; other rates are
 * off by less than a billionth.
 *
 * <p>For one thread.
 */
public final class Pacer implements Trigger {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int DECIMAL_PLACES = 9;

    private final long wholeNanos;
    private final long fraction;
    private final long divisor;

    private long deadlineNanos;
    private long carried;

    private Pacer(long startNanos, long periodNumerator, long divisor) {
        this.wholeNanos = periodNumerator / divisor;
        this.fraction = periodNumerator % divisor;
        this.divisor = divisor;
        restart(startNanos);
    }

    /** One frame an interval. */
    public static Pacer every(Duration interval, long startNanos) {
        return new Pacer(startNanos, interval.toNanos(), 1);
    }

    /** So many frames a second. */
    public static Pacer rate(double framesPerSecond, long startNanos) {
        BigDecimal rate = BigDecimal.valueOf(framesPerSecond).stripTrailingZeros();
        if (rate.scale() > DECIMAL_PLACES && framesPerSecond < 1) {
            return new Pacer(startNanos, Math.round(NANOS_PER_SECOND / framesPerSecond), 1);
        }
        int places = Math.clamp(rate.scale(), 0, DECIMAL_PLACES);
        long seconds = BigDecimal.TEN.pow(places).longValueExact();
        long frames =
                rate.setScale(places, RoundingMode.HALF_UP).unscaledValue().longValueExact();
        return new Pacer(startNanos, seconds * NANOS_PER_SECOND, frames);
    }

    /** When the next frame falls due, on the scale of the start. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void restart(long nowNanos) {
        deadlineNanos = nowNanos;
        carried = divisor / 2; // rounds to the nearest
        advance();
    }

    @Override
    public boolean isDue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    @Override
    public void advance() {
        deadlineNanos += wholeNanos;
        carried += fraction;
        if (carried >= divisor) {
            carried -= divisor;
            deadlineNanos++;
        }
    }

    @Override
    public long waitNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }
}
