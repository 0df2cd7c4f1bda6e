package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.Gap.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GapsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Instant wall = NOON;
    private long nanos = -5_000_000_000L; // nanoTime may be anything
    private final Gaps gaps = new Gaps(() -> wall, () -> nanos);

    private void pass(long seconds) {
        wall = wall.plusSeconds(seconds);
        nanos += seconds * 1_000_000_000;
    }

    @Test
    void shouldWriteDownFromWhenToWhenAndWhy() {
        assertTrue(gaps.begin(Cause.DOWN, ""));
        pass(3);
        assertTrue(gaps.lasts());
        Gap lasting = new Gap(NOON, Optional.empty(), 3_000_000_000L, Cause.DOWN, "");
        assertEquals(new GapCounts(1, 3_000_000_000L, List.of(lasting)), gaps.counts());
        assertEquals(Optional.of(lasting), gaps.counts().lasting());
        pass(1);
        Gap over = new Gap(NOON, Optional.of(NOON.plusSeconds(4)), 4_000_000_000L, Cause.DOWN, "");
        assertEquals(Optional.of(over), gaps.end());
        pass(10);
        assertEquals(new GapCounts(1, 4_000_000_000L, List.of(over)), gaps.counts());
        assertEquals(Optional.empty(), gaps.counts().lasting());
        assertFalse(gaps.lasts());
        assertEquals(Optional.empty(), gaps.end());
    }

    @Test
    void shouldKeepTheGravestCauseOfAGap() {
        gaps.begin(Cause.DOWN, "");
        assertFalse(gaps.begin(Cause.MISSING, ""));
        gaps.begin(Cause.DOWN, "");
        assertEquals(Cause.MISSING, gaps.counts().latest().getFirst().cause());
        gaps.begin(Cause.REFUSED, "no memory");
        gaps.begin(Cause.REFUSED, "no descriptor");
        gaps.begin(Cause.MISSING, "");
        Gap gap = gaps.end().orElseThrow();
        assertEquals(Cause.REFUSED, gap.cause());
        assertEquals("no descriptor", gap.detail());
        gaps.begin(Cause.NO_CARRIER, "");
        assertEquals(Cause.NO_CARRIER, gaps.end().orElseThrow().cause(), "a gap of its own");
    }

    @Test
    void shouldMeasureByAClockThatDoesNotJump() {
        gaps.begin(Cause.MISSING, "");
        pass(2);
        wall = wall.minusSeconds(3_600);
        Gap gap = gaps.end().orElseThrow();
        assertEquals(2_000_000_000L, gap.nanos());
        assertTrue(gap.to().orElseThrow().isBefore(gap.from()), "as the wall clock was");
    }

    @Test
    void shouldKeepTheLastOnesAndCountAll() {
        for (int i = 0; i < 250; i++) {
            gaps.begin(Cause.MISSING, "");
            pass(1);
            gaps.end();
        }
        gaps.begin(Cause.DOWN, "");
        GapCounts counts = gaps.counts();
        assertEquals(251, counts.count());
        assertEquals(250_000_000_000L, counts.nanos());
        assertEquals(Gaps.KEPT, counts.latest().size());
        assertEquals(NOON.plusSeconds(151), counts.latest().getFirst().from());
        assertEquals(Cause.DOWN, counts.latest().getLast().cause());
    }
}
