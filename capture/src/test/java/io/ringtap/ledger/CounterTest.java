package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CounterTest {
    @Test
    void shouldAddBeyond32Bits() {
        Counter counter = new Counter();
        assertEquals(0, counter.value());
        for (int i = 0; i < 4; i++) {
            counter.add(3_000_000_000L);
        }
        assertEquals(12_000_000_000L, counter.value());
    }

    @Test
    void shouldNeverGoBackForAReader() throws Exception {
        Counter counter = new Counter();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 2_000_000; i++) {
                counter.add(1);
            }
        });
        long last = 0;
        while (writer.isAlive()) {
            long now = counter.value();
            assertTrue(now >= last, now + " after " + last);
            last = now;
        }
        writer.join();
        assertEquals(2_000_000, counter.value());
    }
}
