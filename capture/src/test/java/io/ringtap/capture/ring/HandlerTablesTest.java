package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.FrameHandler;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.HandlerCounts;
import java.util.List;
import java.util.Map;
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
}
