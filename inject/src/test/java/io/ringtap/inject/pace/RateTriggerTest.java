package io.ringtap.inject.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateTriggerTest {
    /** nanoTime may start anywhere, and pass from the largest number to the smallest. */
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 1_000);

    private static final long DAY_NANOS = Duration.ofDays(1).toNanos();
    private static final long SECOND = 1_000_000_000;

    /** IMIX, as its frames come. */
    private static final int[] LENGTHS = {60, 590, 60, 60, 1514, 60, 590, 60, 60, 590, 60, 590};

    @Test
    void shouldPlaceEachDeadlineAtThreeASecondOnTheNearestNanosecond() {
        RateTrigger pacer = rate(3, START);
        for (long n = 1; n <= 1_000_000; n++) {
            long exact = (n * 1_000_000_000L + 1) / 3; // + 1: half of 3, rounded down
            assertEquals(exact, pacer.deadlineNanos() - START);
            pacer.advance();
        }
    }

    @Test
    void shouldFollowAnyRateOfNineDecimalPlacesExactly() {
        for (String rate : new String[] {"7", "0.3", "29.97", "333.333333333", "1234567.891", "9999999.999999999"}) {
            RateTrigger pacer = rate(Double.parseDouble(rate), 0);
            for (int n = 1; n < 10_000; n++) {
                pacer.advance();
            }
            long exact = new BigDecimal(BigInteger.valueOf(10_000L * 1_000_000_000L))
                    .divide(new BigDecimal(Double.toString(Double.parseDouble(rate))), 0, RoundingMode.HALF_UP)
                    .longValueExact();
            assertEquals(exact, pacer.deadlineNanos(), rate + " frames a second");
        }
    }

    @Test
    void shouldStayWithinABillionthAtRatesThatAreNoDecimals() {
        for (double rate : new double[] {1.0 / 3, 1000.0 / 3, 1e-6, Math.PI * 1e-5, Math.E * 1e6}) {
            RateTrigger pacer = rate(rate, 0);
            for (int n = 1; n < 1000; n++) {
                pacer.advance();
            }
            double exact = 1000 * 1e9 / rate;
            assertEquals(exact, (double) pacer.deadlineNanos(), Math.max(1, exact * 1e-9), rate + " frames a second");
        }
    }

    @Test
    void shouldPlaceTheFirstFrameOneIntervalAfterTheStart() {
        RateTrigger pacer = started(RateTrigger.every(Duration.ofMillis(250), 1), START);
        assertFalse(pacer.isDue(START));
        assertFalse(pacer.isDue(START + 249_999_999));
        assertTrue(pacer.isDue(START + 250_000_000));
        assertEquals(1, pacer.waitNanos(START + 249_999_999));
    }

    @Test
    void shouldMakeUpForEveryFrameThatFellDueDuringAStall() {
        RateTrigger pacer = rate(1000, START);
        assertEquals(10, sendDue(pacer, START + 10_000_000));
        long afterStall = START + 3_600L * 1_000_000_000L + 10_000_000;
        assertEquals(3_600_000, sendDue(pacer, afterStall));
        assertEquals(0, sendDue(pacer, afterStall));
        assertEquals(1, sendDue(pacer, afterStall + 1_000_000));
    }

    @Test
    void shouldKeepTheMeanRateOverDaysWhateverTheWakeUpsAre() {
        RateTrigger pacer = rate(7, START);
        long frames = 0;
        long now = START;
        for (int wakeUp = 0; now - START < 30 * DAY_NANOS; wakeUp++) {
            now += 1_000_000_000L + (wakeUp * 7_919L) % 3_000_000_000L;
            frames += sendDue(pacer, now);
        }
        BigInteger elapsed = BigInteger.valueOf(now - START);
        long exact = elapsed.multiply(BigInteger.valueOf(7))
                .divide(BigInteger.valueOf(1_000_000_000L))
                .longValueExact();
        assertEquals(exact, frames);
    }

    @Test
    void shouldGiveEachFrameTheTimeOfItsOwnBitsToTheNanosecond() {
        for (long bitsPerSecond : new long[] {1, 9_600, 64_000, 10_000_007, 2_500_000_000L, 999_999_999_999L}) {
            RateTrigger pacer = bits(bitsPerSecond, 1, 0);
            BigInteger bits = BigInteger.ZERO;
            for (int n = 0; n < 100_000 && pacer.deadlineNanos() < Long.MAX_VALUE / 2; n++) {
                bits = bits.add(BigInteger.valueOf(8L * LENGTHS[n % LENGTHS.length]));
                assertEquals(nearest(bits, bitsPerSecond), pacer.deadlineNanos(), bitsPerSecond + " bit/s, frame " + n);
                pacer.advance();
            }
        }
    }

    @Test
    void shouldGoOnWithTheLengthOfTheFrameThatIsNextWhenItStartsAnewOrIsGivenAnotherRate() {
        RateTrigger pacer = bits(8_000_000, 1, 0);
        for (int n = 0; n < 16; n++) {
            pacer.advance();
        }
        pacer.restart(5 * SECOND);
        assertEquals(5 * SECOND + 1_514_000, pacer.deadlineNanos()); // frame 16 is the mix's fifth again
        RateTrigger other = bits(16_000_000, 1, 16);
        assertEquals(757_000, other.deadlineNanos());
    }

    @Test
    void shouldHaveAllFramesOfABurstFallDueAtOnceAndTheNextBurstAnIntervalLater() {
        RateTrigger pacer = started(RateTrigger.every(Duration.ofNanos(1_000_003), 7), START);
        for (int burst = 1; burst <= 1_000; burst++) {
            for (int i = 0; i < 7; i++) {
                assertEquals(burst * 1_000_003L, pacer.deadlineNanos() - START, "burst " + burst + ", frame " + i);
                pacer.advance();
            }
        }
    }

    @Test
    void shouldKeepTheMeanRateInBursts() {
        RateTrigger frames =
                started(RateTrigger.rate(new Schedule.Rate(3_000), 7, Optional.empty(), 0, _ -> 60), START);
        RateTrigger bits = bits(1_000_000, 5, 0);
        BigInteger sum = BigInteger.ZERO;
        for (int n = 0; n < 70_000; n++) {
            long full = n / 7 * 7L + 7;
            assertEquals((full * SECOND + 1_500) / 3_000, frames.deadlineNanos() - START, "frame " + n);
            frames.advance();
            if (n % 5 == 0) {
                for (int i = n; i < n + 5; i++) {
                    sum = sum.add(BigInteger.valueOf(8L * LENGTHS[i % LENGTHS.length]));
                }
            }
            assertEquals(nearest(sum, 1_000_000), bits.deadlineNanos(), "frame " + n);
            bits.advance();
        }
    }

    @Test
    void shouldRiseEvenlyFromNothingAndThenKeepItsRate() {
        Ramp ramp = new Ramp(Duration.ofSeconds(10), Optional.empty());
        RateTrigger pacer =
                started(RateTrigger.rate(new Schedule.Rate(1_000), 1, Optional.of(ramp), 0, _ -> 60), START);
        for (int n = 1; n <= 20_000; n++) {
            // 50 t² frames after t seconds, 5,000 in all; then 1,000 a second
            double exact = n <= 5_000 ? Math.sqrt(n / 50.0) * SECOND : (n / 1_000.0 + 5) * SECOND;
            assertEquals(exact, (double) (pacer.deadlineNanos() - START), 1, "frame " + n);
            pacer.advance();
        }
    }

    @Test
    void shouldRiseAndFallFromOneRateToAnother() {
        for (int[] rates : new int[][] {{1_000, 3_000}, {3_000, 1_000}}) {
            Ramp ramp = new Ramp(Duration.ofSeconds(2), Optional.of(new Schedule.BitRate(8.0 * 100 * rates[0])));
            SendRate to = new Schedule.BitRate(8.0 * 100 * rates[1]);
            RateTrigger pacer = started(RateTrigger.rate(to, 1, Optional.of(ramp), 0, _ -> 100), 0);
            long previous = 0;
            for (int n = 1; n <= 10_000; n++) {
                double t = pacer.deadlineNanos() / 1e9;
                double due = t <= 2
                        ? rates[0] * t + (rates[1] - rates[0]) * t * t / 4
                        : rates[0] + rates[1] + rates[1] * (t - 2);
                assertEquals(n, due, 1e-5, "frame " + n + " from " + rates[0] + " to " + rates[1]);
                assertTrue(pacer.deadlineNanos() > previous);
                previous = pacer.deadlineNanos();
                pacer.advance();
            }
        }
    }

    @Test
    void shouldRampAgainAtEachStart() {
        Ramp ramp = new Ramp(Duration.ofSeconds(1), Optional.empty());
        RateTrigger pacer = started(RateTrigger.rate(new Schedule.Rate(100), 1, Optional.of(ramp), 0, _ -> 60), START);
        long first = pacer.deadlineNanos() - START;
        sendDue(pacer, START + 5 * SECOND);
        pacer.restart(START + 7 * SECOND);
        assertEquals(first, pacer.deadlineNanos() - START - 7 * SECOND);
    }

    private static RateTrigger rate(double framesPerSecond, long startNanos) {
        return started(
                RateTrigger.rate(new Schedule.Rate(framesPerSecond), 1, Optional.empty(), 0, _ -> 60), startNanos);
    }

    private static RateTrigger bits(long bitsPerSecond, int burst, long frame) {
        RateTrigger pacer = RateTrigger.rate(
                new Schedule.BitRate(bitsPerSecond),
                burst,
                Optional.empty(),
                frame,
                number -> LENGTHS[(int) (number % LENGTHS.length)]);
        return started(pacer, 0);
    }

    private static RateTrigger started(RateTrigger pacer, long startNanos) {
        pacer.restart(startNanos);
        return pacer;
    }

    /** When so many bits have passed. */
    private static long nearest(BigInteger bits, long bitsPerSecond) {
        BigInteger rate = BigInteger.valueOf(bitsPerSecond);
        BigInteger half = rate.shiftRight(1);
        return bits.multiply(BigInteger.valueOf(SECOND)).add(half).divide(rate).longValueExact();
    }

    private static long sendDue(RateTrigger pacer, long now) {
        long sent = 0;
        while (pacer.isDue(now)) {
            pacer.advance();
            sent++;
        }
        return sent;
    }
}
