package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusyMeterTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double EXACT = 1e-9;

    /** A clock's start may be anything, below 0 and about to wrap too. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, 1L << 61})
    void shouldTellTheShareOfTheTimeItWasBusy(long start) {
        BusyMeter meter = new BusyMeter(start);
        assertEquals(0, meter.share(start), EXACT);
        assertEquals(0, meter.share(start + 10 * MS), EXACT);
        meter.begin(start + 10 * MS);
        assertEquals(0.5, meter.share(start + 20 * MS), EXACT, "it goes on");
        meter.end(start + 40 * MS);
        assertEquals(0.75, meter.share(start + 40 * MS), EXACT);
        assertEquals(0.3, meter.share(start + 100 * MS), EXACT);
        meter.add(20 * MS);
        assertEquals(0.5, meter.share(start + 100 * MS), EXACT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L})
    void shouldForgetWhatIsLongAgo(long start) {
        BusyMeter meter = new BusyMeter(start);
        meter.begin(start);
        meter.end(start + 1_000 * MS);
        for (long ms = 100; ms <= 3_000; ms += 100) {
            meter.turn(start + ms * MS);
        }
        assertEquals(0, meter.share(start + 3_000 * MS), EXACT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L})
    void shouldTellOfOneThatNeverEnds(long start) {
        BusyMeter meter = new BusyMeter(start);
        for (long ms = 100; ms <= 10_000; ms += 100) {
            meter.turn(start + ms * MS);
        }
        meter.begin(start + 10_000 * MS);
        assertEquals(1, meter.share(start + 1_000_000 * MS), 0.01);
    }
}
