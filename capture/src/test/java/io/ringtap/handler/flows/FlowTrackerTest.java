package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowTrackerTest {
    private static final int SLOTS = 64;
    private static final int MOST = 48;
    private static final long SECOND = 1_000_000_000;

    private final Map<FlowEnd, Integer> ends = new EnumMap<>(FlowEnd.class);
    private final FlowTable table = new FlowTable((long) SLOTS * FlowTable.ENTRY_BYTES);

    @AfterEach
    void closeTable() {
        table.close();
    }

    private FlowTracker book(Duration idle) {
        return new FlowTracker(
                table, new FlowKey(FlowKey.Level.INNER, FlowKey.Vlan.KEY), idle, Duration.ZERO, (from, slot, end) -> {
                    ends.merge(end, 1, Integer::sum);
                    assertEquals(2, from.get(slot, FlowTable.FORWARD_FRAMES), "frames of each flow");
                });
    }

    private static boolean count(FlowTracker book, int flow, long nanos) {
        byte[] frame = FlowFrames.udp(flow, 10, 2, 20, 8);
        return book.count(Frame.of(frame, frame.length, nanos, "test"));
    }

    /** What is taken out for a flow may move what follows into the place that was meant for it. */
    @Test
    void shouldFindAFlowAgainThatTookThePlaceOfAnother() {
        int flows = 20_000;
        FlowTracker book = book(Duration.ZERO);
        for (int flow = 0; flow < flows; flow++) {
            count(book, flow, flow);
            count(book, flow, flow);
        }
        assertEquals(MOST, table.size());
        assertEquals(Map.of(FlowEnd.EVICTED, flows - MOST), ends);
        for (long slot = 0; slot < SLOTS; slot++) {
            assertTrue(!table.isUsed(slot) || table.get(slot, FlowTable.FORWARD_FRAMES) == 2, "slot " + slot);
        }
    }

    /** A step of a search looks at a place, or takes out what is there. */
    @Test
    void shouldEndEveryFlowThatIsDueInOneRound() {
        FlowTracker book = book(Duration.ofSeconds(1));
        for (int round = 1; round <= 50; round++) {
            long start = 10L * round * SECOND;
            for (int i = 0; i < 2 * MOST; i++) {
                count(book, round * MOST + i % MOST, start);
            }
            assertEquals(MOST, table.size());
            book.sweep(SLOTS, start + 5 * SECOND, start + 5 * SECOND);
            book.sweep(MOST, start + 5 * SECOND, start + 5 * SECOND);
            assertEquals(0, table.size());
            assertEquals(Map.of(FlowEnd.IDLE, round * MOST), ends);
        }
    }

    @Test
    void shouldKeepTheEarliestTimeAndTheLatestThoughFramesComeOutOfOrder() {
        FlowTracker book = book(Duration.ZERO);
        for (long time : new long[] {10, 5, 20, 15}) {
            assertTrue(count(book, 1, time));
        }
        for (long slot = 0; slot < SLOTS; slot++) {
            if (table.isUsed(slot)) {
                assertEquals(5, table.get(slot, FlowTable.FIRST));
                assertEquals(20, table.get(slot, FlowTable.LAST));
            }
        }
        assertEquals(1, table.size());
    }
}
