package io.ringtap.daemon.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LookTimesTest {
    private long now = Long.MAX_VALUE - 500; // the clock may wrap
    private final LookTimes times = new LookTimes(1_000, () -> now);

    private long nanosToNextAfter(long look) {
        now += look;
        long wait = times.nanosToNext();
        now += wait;
        return wait;
    }

    @Test
    void shouldKeepTheIntervalHoweverLongALookTakesWithinIt() {
        assertEquals(970, nanosToNextAfter(30));
        assertEquals(100, nanosToNextAfter(900));
        assertEquals(0, nanosToNextAfter(1_000));
        assertEquals(1_000, nanosToNextAfter(0));
    }

    @Test
    void shouldCountFromALookThatTookLongerAndMakeUpForNothing() {
        assertEquals(0, nanosToNextAfter(5_300));
        assertEquals(1_000, nanosToNextAfter(0));
        now += 70; // woken late
        assertEquals(930, nanosToNextAfter(0));
    }
}
