package io.ringtap.inject.mark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StreamTallyTest {
    private static final long WRAP = 1L << 32;

    private final StreamTally tally = new StreamTally();

    @Test
    void shouldCountOnBeyondTwoToTheThirtySecond() {
        for (long sequence = WRAP - 100_000; sequence < WRAP + 100_000; sequence++) {
            if (sequence != WRAP - 1 && sequence != WRAP + 3) {
                tally.receive(sequence);
            }
        }
        assertEquals("received=199998 lost=2 duplicated=0 reordered=0 late=0", text());
        assertEquals(WRAP + 99_999, tally.highest());
        tally.receive(WRAP + 3 + 65_536 * 2);
        assertEquals(2 + 31_075, tally.lost());
    }

    @Test
    void shouldTellReorderedFromDuplicatedFromLate() {
        for (long sequence : new long[] {5, 6, 9, 8, 8, 4, 6, 9}) {
            tally.receive(sequence);
        }
        assertEquals("received=8 lost=1 duplicated=3 reordered=2 late=0", text());
        tally.receive(9 + StreamTally.WINDOW);
        tally.receive(9); // its place is the new highest's
        tally.receive(10);
        assertEquals("received=11 lost=65535 duplicated=3 reordered=3 late=1", text());
    }

    @Test
    void shouldCountALongOutageWithoutTakingLong() {
        tally.receive(0);
        tally.receive(Long.MAX_VALUE - 1);
        tally.receive(Long.MAX_VALUE - 2);
        assertEquals(Long.MAX_VALUE - 3, tally.lost());
        assertEquals(1, tally.reordered());
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldTakeAnyNumberThatSixtyFourBitsHold() {
        tally.receive(0);
        tally.receive(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE - 1, tally.lost());
        tally.receive(Long.MIN_VALUE + 1); // two more
        assertEquals("received=3 lost=%d duplicated=0 reordered=0 late=0".formatted(Long.MAX_VALUE), text());
        tally.receive(Long.MIN_VALUE);
        assertEquals(1, tally.reordered());
        tally.receive(-1);
        tally.receive(7);
        assertEquals("received=6 lost=%d duplicated=0 reordered=1 late=1".formatted(Long.MAX_VALUE), text());
        assertEquals(0, tally.lowest());
        assertEquals(-1, tally.highest());
    }

    @Test
    void shouldCountOnWhereTheSignOfALongWouldBe() {
        for (long sequence = Long.MAX_VALUE - 100; sequence != Long.MIN_VALUE + 100; sequence++) {
            if (sequence != Long.MIN_VALUE) {
                tally.receive(sequence);
            }
        }
        assertEquals("received=200 lost=1 duplicated=0 reordered=0 late=0", text());
        tally.receive(Long.MIN_VALUE);
        tally.receive(Long.MAX_VALUE);
        assertEquals("received=202 lost=0 duplicated=1 reordered=1 late=0", text());
    }

    @Test
    void shouldRememberNoNumberBeyondAJump() {
        for (long sequence = 0; sequence < StreamTally.WINDOW; sequence++) {
            tally.receive(sequence);
        }
        tally.receive(200_000);
        for (long sequence = 200_000 - StreamTally.WINDOW + 1; sequence < 200_000; sequence++) {
            tally.receive(sequence);
        }
        assertEquals(
                "received=131072 lost=%d duplicated=0 reordered=65535 late=0".formatted(200_001 - 2 * 65_536), text());
    }

    @Test
    void shouldAgreeWithACountThatRemembersEverything() {
        Random random = new Random(3);
        Set<Long> all = new HashSet<>();
        long duplicated = 0;
        long reordered = 0;
        long highest = Long.MIN_VALUE;
        long lowest = Long.MAX_VALUE;
        long next = 1_000_000;
        for (int i = 0; i < 300_000; i++) {
            next += random.nextInt(20) == 0 ? random.nextInt(50) : 1;
            long sequence = random.nextInt(10) == 0 ? next - random.nextInt(30_000) : next;
            boolean isNew = all.add(sequence);
            duplicated += isNew ? 0 : 1;
            reordered += isNew && sequence < highest ? 1 : 0;
            highest = Math.max(highest, sequence);
            lowest = Math.min(lowest, sequence);
            tally.receive(sequence);
        }
        long lost = highest - lowest + 1 - all.size();
        assertEquals(
                "received=300000 lost=%d duplicated=%d reordered=%d late=0".formatted(lost, duplicated, reordered),
                text());
    }

    private String text() {
        return "received=%d lost=%d duplicated=%d reordered=%d late=%d"
                .formatted(tally.received(), tally.lost(), tally.duplicated(), tally.reordered(), tally.late());
    }
}
