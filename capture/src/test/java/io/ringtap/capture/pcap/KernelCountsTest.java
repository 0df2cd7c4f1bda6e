package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelCountsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "5, 3, 2",
        "4294967295, 0, 4294967295",
        "0, 4294967295, 1",
        "10, 4294967290, 16",
        "2147483648, 2147483647, 1",
        "-1, -2, 1",
        "-2147483648, 2147483647, 1",
        "3, -1, 4"
    })
    void shouldTakeTheDifferenceOfA32BitCounterSignedOrNotAcrossItsWrap(long now, long last, long difference) {
        assertEquals(difference, KernelCounts.since(now, last));
    }

    @Test
    void shouldAddUpBeyond32Bits() {
        long total = 0;
        int counter = 0;
        for (int look = 0; look < 10; look++) {
            int before = counter;
            counter = (int) (counter + 3_000_000_000L);
            total += KernelCounts.since(counter, before);
        }
        assertEquals(30_000_000_000L, total);
    }
}
