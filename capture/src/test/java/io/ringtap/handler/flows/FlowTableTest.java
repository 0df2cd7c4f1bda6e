package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    /** So few places that flows stand in each other's way, and at the end of the memory too. */
    private static final int SLOTS = 64;

    private final FlowKey key = new FlowKey(FlowKey.Level.INNER, FlowKey.Vlan.KEY);

    private FlowKey key(int flow) {
        assertTrue(key.read(Frame.of(FlowFrames.udp(1, flow, 2, 20, 0), 42, 0, "test")));
        return key;
    }

    @Test
    void shouldFindEveryFlowThatIsInItAndNoOtherWhateverIsPutInAndTakenOut() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            try (FlowTable table = new FlowTable(SLOTS * FlowTable.ENTRY_BYTES)) {
                Map<Integer, Long> frames = new HashMap<>();
                for (int step = 0; step < 1_000; step++) {
                    int flow = random.nextInt(100);
                    long slot = table.find(key(flow));
                    assertEquals(frames.containsKey(flow), slot >= 0, "seed " + seed + " step " + step);
                    if (slot < 0 && table.size() < table.most()) {
                        table.insert(~slot, key);
                        table.count(~slot, key, 42, step);
                        frames.put(flow, 1L);
                    } else if (slot >= 0 && random.nextInt(3) > 0) {
                        table.remove(slot);
                        frames.remove(flow);
                    } else if (slot >= 0) {
                        table.count(slot, key, 42, step);
                        frames.merge(flow, 1L, Long::sum);
                    }
                    assertEquals(frames.size(), table.size());
                }
                frames.forEach((flow, count) ->
                        assertEquals(count, table.get(table.find(key(flow)), FlowTable.FORWARD_FRAMES)));
            }
        }
    }

    @Test
    void shouldGiveEveryFlowThatIsThereAllTheTimeOnceThoughOthersComeAndGoMeanwhile() {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            try (FlowTable table = new FlowTable(16_384 * FlowTable.ENTRY_BYTES)) {
                Set<Integer> fleeting = new HashSet<>();
                for (int flow = 0; flow < 12_000; flow++) {
                    long slot = ~table.find(key(flow));
                    table.insert(slot, key);
                    for (int i = 0; i < (flow < 500 ? 2 : 1); i++) {
                        table.count(slot, key, 42, flow);
                    }
                    if (flow >= 500) {
                        fleeting.add(flow);
                    }
                }
                TopFlows top = new TopFlows(
                        table,
                        new FlowText("w", "c", "s", 0),
                        new FlowQuery(FlowQuery.Measure.FRAMES, 500, _ -> true),
                        0);
                Optional<String> answer = top.next();
                while (answer.isEmpty()) {
                    for (int flow : fleeting.stream()
                            .filter(_ -> random.nextInt(8) == 0)
                            .toList()) {
                        table.remove(table.find(key(flow)));
                        fleeting.remove(flow);
                    }
                    answer = top.next();
                }
                assertEquals(IntStream.range(0, 500).boxed().toList(), sourcePorts(answer.get()), "round " + round);
            }
        }
    }

    private static List<Integer> sourcePorts(String answer) {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (String part : answer.split("\"source_port\":", -1)) {
            if (!part.startsWith("{")) {
                ports.merge(Integer.parseInt(part.substring(0, part.indexOf(','))), 1, Integer::sum);
            }
        }
        assertEquals(Set.of(1), Set.copyOf(ports.values()));
        return List.copyOf(ports.keySet());
    }

    @Test
    void shouldHoldTwoMillionFlowsIn512Mebibytes() {
        long memory = 512L << 20;
        try (FlowTable table = new FlowTable(memory)) {
            assertTrue(table.slots() * FlowTable.ENTRY_BYTES <= memory);
            assertTrue(table.most() > 2_000_000, () -> "takes " + table.most());
        }
    }
}
