package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileTimesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private static final FileTimes.Ahead NOTHING = _ -> false;

    private final FileTimes times = new FileTimes();

    private long at(long sinceStart) {
        return times.sinceFirstNanos(START + sinceStart, NOTHING);
    }

    @Test
    void shouldNotBeHeldUpByOneFrameWhoseTimeIsFarInThePast() {
        assertEquals(0, at(0));
        assertEquals(SECOND, at(SECOND));
        assertEquals(SECOND, times.sinceFirstNanos(0, NOTHING), "a packet without a time");
        assertEquals(2 * SECOND, at(2 * SECOND));
        assertEquals(2 * SECOND, times.sinceFirstNanos(0, NOTHING));
        assertEquals(2 * SECOND, times.sinceFirstNanos(0, NOTHING));
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

    /** When frames come whose stamps are so many seconds behind the start. */
    private static List<Double> all(FileTimes times, double... seconds) {
        long[] stamps = Arrays.stream(seconds)
                .mapToLong(since -> START + Math.round(since * SECOND))
                .toArray();
        List<Double> due = new ArrayList<>();
        for (int i = 0; i < stamps.length; i++) {
            int behind = i + 1;
            long nanos = times.sinceFirstNanos(
                    stamps[i],
                    test -> Arrays.stream(stamps, behind, stamps.length).anyMatch(test));
            due.add(nanos / 1e9);
        }
        return due;
    }

    @Test
    void shouldNotBeHeldUpByFramesWhoseTimesAreFarInTheFuture() {
        assertEquals(List.of(0.0, 0.0, 0.1, 0.2, 1.0), all(new FileTimes(), 0, 65_536, 0.1, 0.2, 1));
        assertEquals(List.of(0.0, 0.0, 0.0, 0.0, 0.2), all(new FileTimes(), 0, 70_000, 65_536, 65_537, 0.2));
        assertEquals(List.of(0.0, 1.0, 1.0, 1.5), all(new FileTimes(), 0, 1, 2.1, 1.5));
        assertEquals(
                List.of(0.0, 0.0, 0.5, 0.5, 1.0),
                all(new FileTimes(), 0, 65_536, 0.5, 65_537, 1),
                "two clocks, one of which is ahead");
    }

    @Test
    void shouldBelieveAStepAheadIfTheFramesBehindItAreThereToo() {
        assertEquals(List.of(0.0, 18.0, 18.1, 18.2), all(new FileTimes(), 0, 18, 18.1, 18.2));
        assertEquals(List.of(0.0, 18.0), all(new FileTimes(), 0, 18), "the last frame");
        assertEquals(List.of(0.0, 18.0, 18.0, 19.0), all(new FileTimes(), 0, 18, 10, 11), "a clock that was set back");
        assertEquals(List.of(0.0, 18.0, 18.0, 19.0), all(new FileTimes(), 0, 18, -3_600, -3_599), "by an hour");
        assertEquals(List.of(0.0, 0.9, 0.9), all(new FileTimes(), 0, 0.9, 0.1), "frames out of order");
    }

    @Test
    void shouldShortenAPauseThatIsLongerThanItMayBe() {
        FileTimes limited = new FileTimes(Optional.of(Duration.ofSeconds(2)));
        assertEquals(
                List.of(0.0, 1.0, 3.0, 3.5, 5.5, 7.5, 7.5, 8.5),
                all(limited, 0, 1, 3_600, 3_600.5, 3_602.5, 9_000, 8_000, 8_001));
    }
}
