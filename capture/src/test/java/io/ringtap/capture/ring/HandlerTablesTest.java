package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.FrameHandler;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import io.ringtap.ledger.HandlerCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HandlerTablesTest {
    private static final FrameHandler NOTHING = frame -> {};

    private final HandlerTables tables =
            new HandlerTables(worker("w", 2, Share.FLOW, () -> NOTHING, () -> NOTHING), "uplink");

    @Test
    void shouldAddUpTheCountersOfAllInstancesByName() {
        tables.of(1).add("arp", "frames", new Counter()).add(5_000_000_000L);
        tables.of(1).add("arp", "frames", new Counter()).add(3);
        tables.of(1).add("arp", "bytes", new Counter()).add(60);
        tables.of(1).add("ip", "frames", new Counter());
        assertEquals(
                List.of(new HandlerCounts(
                        "w",
                        "uplink",
                        "handler-1",
                        new TreeMap<>(Map.of(
                                "arp", new TreeMap<>(Map.of("bytes", 60L, "frames", 5_000_000_003L)),
                                "ip", new TreeMap<>(Map.of("frames", 0L)))))),
                tables.counts());
    }

    @Test
    void shouldLeaveOutHandlersThatPublishNothing() {
        assertTrue(tables.counts().isEmpty());
    }

    @Test
    void shouldKeepHandlersApart() {
        tables.of(0).add("all", "frames", new Counter()).add(1);
        tables.of(1).add("all", "frames", new Counter()).add(2);
        assertEquals(
                List.of(1L, 2L),
                tables.counts().stream()
                        .map(c -> c.table().get("all").get("frames"))
                        .toList());
    }

    @Test
    void shouldAddUpGaugesAndSayWhichColumnsTheyAre() {
        Gauge first = tables.of(0).add("flows", "open", new Gauge());
        tables.of(0).add("flows", "open", new Gauge()).set(30);
        tables.of(0).add("flows", "seen", new Counter()).add(7);
        first.set(9);
        first.set(-5);
        HandlerCounts counts = tables.counts().getFirst();
        assertEquals(Map.of("flows", Map.of("open", 25L, "seen", 7L)), counts.table());
        assertEquals(Set.of("open"), counts.gauges());
    }

    @Test
    void shouldNotMixCountersAndGaugesInAColumn() {
        tables.of(0).add("a", "n", new Counter());
        assertThrows(IllegalArgumentException.class, () -> tables.of(0).add("b", "n", new Gauge()));
        tables.of(1).add("b", "n", new Gauge()); // another handler's table
    }

    @Test
    void shouldForgetARowWhenTheLastInstanceHasTakenItOut() {
        HandlerInstance first = instance(0);
        HandlerInstance second = instance(1);
        for (HandlerInstance each : List.of(first, second)) {
            each.counter("a", "frames").add(1);
            each.gauge("a", "open").set(2);
            each.counter("b", "frames").add(3);
        }
        first.removeRow("a");
        first.removeRow("never there");
        assertEquals(
                Map.of("a", Map.of("frames", 1L, "open", 2L), "b", Map.of("frames", 6L)),
                tables.counts().getFirst().table());
        second.removeRow("a");
        assertEquals(
                Map.of("b", Map.of("frames", 6L)), tables.counts().getFirst().table());
        assertEquals(0, first.counter("a", "frames").value());
        assertEquals(Set.of("a", "b"), tables.counts().getFirst().table().keySet());
    }

    private HandlerInstance instance(int thread) {
        return new HandlerInstance(
                "h",
                NOTHING,
                FedRing.facts("uplink"),
                "w",
                thread,
                2,
                tables.of(0),
                new HashMap<>(),
                () -> _ -> false,
                new HandlerLog("h", System::nanoTime),
                new QueryQueue());
    }
}
