package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
    /** nanoTime may start anywhere, and pass from the largest number to the smallest. */
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 1_000);

    private static final long DAY_NANOS = Duration.ofDays(1).toNanos();

    @Test
    void shouldPlaceEachDeadlineAtThreeASecondOnTheNearestNanosecond() {
        Pacer pacer = Pacer.rate(3, START);
        for (long n = 1; n <= 1_000_000; n++) {
            long exact = (n * 1_000_000_000L + 1) / 3; // + 1: half of 3, rounded down
            assertEquals(exact, pacer.deadlineNanos() - START);
            pacer.advance();
        }
    }

    @Test
    void shouldFollowAnyRateOfNineDecimalPlacesExactly() {
        for (String rate : new String[] {"7", "0.3", "29.97", "333.333333333", "1234567.891", "9999999.999999999"}) {
            Pacer pacer = Pacer.rate(Double.parseDouble(rate), 0);
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
            Pacer pacer = Pacer.rate(rate, 0);
            for (int n = 1; n < 1000; n++) {
                pacer.advance();
            }
            double exact = 1000 * 1e9 / rate;
            assertEquals(exact, (double) pacer.deadlineNanos(), Math.max(1, exact * 1e-9), rate + " frames a second");
        }
    }

    @Test
    void shouldPlaceTheFirstFrameOneIntervalAfterTheStart() {
        Pacer pacer = Pacer.every(Duration.ofMillis(250), START);
        assertFalse(pacer.isDue(START));
        assertFalse(pacer.isDue(START + 249_999_999));
        assertTrue(pacer.isDue(START + 250_000_000));
        assertEquals(1, pacer.waitNanos(START + 249_999_999));
    }

    @Test
    void shouldMakeUpForEveryFrameThatFellDueDuringAStall() {
        Pacer pacer = Pacer.rate(1000, START);
        assertEquals(10, sendDue(pacer, START + 10_000_000));
        long afterStall = START + 3_600L * 1_000_000_000L + 10_000_000;
        assertEquals(3_600_000, sendDue(pacer, afterStall));
        assertEquals(0, sendDue(pacer, afterStall));
        assertEquals(1, sendDue(pacer, afterStall + 1_000_000));
    }

    @Test
    void shouldKeepTheMeanRateOverDaysWhateverTheWakeUpsAre() {
        Pacer pacer = Pacer.rate(7, START);
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

    private static long sendDue(Pacer pacer, long now) {
        long sent = 0;
        while (pacer.isDue(now)) {
            pacer.advance();
            sent++;
        }
        return sent;
    }
}
