package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FileTimesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private final FileTimes times = new FileTimes();

    private long at(long sinceStart) {
        return times.sinceFirstNanos(START + sinceStart);
    }

    @Test
    void shouldNotBeHeldUpByOneFrameWhoseTimeIsFarInThePast() {
        assertEquals(0, at(0));
        assertEquals(SECOND, at(SECOND));
        assertEquals(SECOND, times.sinceFirstNanos(0), "a packet without a time");
        assertEquals(2 * SECOND, at(2 * SECOND));
        assertEquals(2 * SECOND, times.sinceFirstNanos(0));
        assertEquals(2 * SECOND, times.sinceFirstNanos(0));
        assertEquals(3 * SECOND, at(3 * SECOND));
    }

    @Test
    void shouldGoOnFromWhereItWasWhenTheClockIsSetBackForGood() {
        assertEquals(0, at(0));
        assertEquals(100 * SECOND, at(100 * SECOND));
        assertEquals(100 * SECOND, at(40 * SECOND));
        assertEquals(101 * SECOND, at(41 * SECOND));
        assertEquals(102 * SECOND, at(42 * SECOND));
    }

    @Test
    void shouldSendTwoInterfacesWithDifferentClocksAtThePaceOfEach() {
        assertEquals(0, at(0));
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i * SECOND, at(i * SECOND - 3_600 * SECOND), "of the clock that is behind");
            assertEquals((i + 1) * SECOND, at((i + 1) * SECOND));
        }
    }
}
