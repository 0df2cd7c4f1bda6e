package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RisingCountersTest {
    private final RisingCounters<String> counters = new RisingCounters<>();

    @Test
    void shouldCountFromItsBeginningOnBeyond32Bits() {
        counters.begin(Map.of("a", 7_000_000_000L, "b", 1L));
        counters.add(Map.of("a", 12_000_000_000L, "b", 1L));
        counters.add(Map.of("a", 12_000_000_003L, "b", 2L));
        assertEquals(Map.of("a", 5_000_000_003L, "b", 1L), counters.sums());
    }

    @Test
    void shouldNeitherTakeBackNorMakeUpWhereACounterFell() {
        counters.begin(Map.of("a", 100L));
        counters.add(Map.of("a", 110L));
        counters.add(Map.of("a", 4L));
        assertEquals(Map.of("a", 10L), counters.sums());
        counters.add(Map.of("a", 9L));
        assertEquals(Map.of("a", 15L), counters.sums());
    }

    @Test
    void shouldKeepItsSumWhereAnotherInterfaceBegins() {
        counters.begin(Map.of("a", 100L));
        counters.add(Map.of("a", 110L));
        counters.begin(Map.of("a", 500L));
        counters.add(Map.of("a", 501L));
        assertEquals(Map.of("a", 11L), counters.sums());
    }

    @Test
    void shouldAddNothingForWhatIsSeenFirstOrNotSeen() {
        counters.begin(Map.of("a", 1L));
        counters.add(Map.of());
        counters.add(Map.of("a", 3L, "queue 2", 50L));
        assertEquals(Map.of("a", 2L, "queue 2", 0L), counters.sums());
    }

    @Test
    void shouldTellWhetherASumChanged() {
        counters.begin(Map.of("a", 1L));
        assertFalse(counters.add(Map.of("a", 1L)));
        assertTrue(counters.add(Map.of("a", 2L)));
        assertFalse(counters.add(Map.of("a", 0L)), "it fell, which adds nothing");
        assertTrue(counters.add(Map.of("a", 0L, "b", 7L)), "a row more");
    }
}
