package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CallTimesTest {
    private static final long SECOND = 1_000_000_000;

    private static Histogram of(CallTimes times) {
        Histogram sum = CallTimes.sum();
        times.addTo(sum);
        return sum;
    }

    private static void assertNear(long expected, long actual) {
        assertTrue(Math.abs(actual - expected) <= expected / 100, actual + ", not " + expected);
    }

    @Test
    void shouldHoldEveryCallToTwoDigits() {
        CallTimes times = new CallTimes(0);
        for (int i = 1; i <= 100; i++) {
            times.record(i * 1_000L, i);
        }
        times.record(Long.MAX_VALUE, 100);
        Histogram sum = of(times);
        assertEquals(101, sum.getTotalCount());
        assertNear(51_000, sum.getValueAtPercentile(50));
        assertNear(100_000, sum.getValueAtPercentile(99));
        assertNear(3_600 * SECOND, sum.getMaxValue());
    }

    @Test
    void shouldForgetWhatIsLongAgoOnceThereIsEnoughSince() {
        CallTimes times = new CallTimes(0);
        for (int i = 0; i < 1_000; i++) {
            times.record(10, 5 * SECOND);
        }
        times.record(10, 10 * SECOND); // a turn: 1,001 calls before it
        for (int i = 0; i < 999; i++) {
            times.record(20, 1_000 * SECOND);
        }
        assertEquals(2_000, of(times).getTotalCount());
        times.record(20, 1_000 * SECOND); // another: 1,000
        assertEquals(1_000, of(times).getTotalCount());
        assertEquals(20, of(times).getMinValue());
        times.record(30, 1_001 * SECOND);
        assertEquals(1_001, of(times).getTotalCount());
    }
}
