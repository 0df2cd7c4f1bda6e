package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringtap.capture.pcap.SoftnetCounters.Counter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoftnetCountersTest {
    @Test
    void shouldReadDroppedAndSqueezedInHexOfEachProcessorByItsNumber() {
        List<String> lines = List.of(
                "00667e25 0000011a 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
                        + " 00000000 00000000",
                "00534631 00000000 00000010 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000003"
                        + " 00000000 00000000");
        assertEquals(
                Map.of(
                        new Counter(true, 0), 282L,
                        new Counter(false, 0), 1L,
                        new Counter(true, 3), 0L,
                        new Counter(false, 3), 16L),
                SoftnetCounters.parse(lines));
    }

    @Test
    void shouldCountLinesWhereAnOlderLinuxTellsNoProcessor() {
        assertEquals(
                Map.of(
                        new Counter(true, 0), 2L,
                        new Counter(false, 0), 3L,
                        new Counter(true, 1), 4L,
                        new Counter(false, 1), 5L),
                SoftnetCounters.parse(
                        List.of("00000001 00000002 00000003 00000000", "00000001 00000004 00000005 00000000")));
    }

    @Test
    void shouldBeThereOnThisMachine() {
        assertFalse(SoftnetCounters.read().isEmpty());
    }
}
