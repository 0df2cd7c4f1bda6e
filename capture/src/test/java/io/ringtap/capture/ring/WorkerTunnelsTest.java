package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.capturefile.Carrier;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.Layers;
import io.ringtap.frame.HandlerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which of a worker's threads gets the frames of conversations within a tunnel. */
class WorkerTunnelsTest {
    private static final int THREADS = 4;
    private static final int FLOWS = 997;

    static Stream<Arguments> everyTunnel() {
        return Stream.of(Carrier.values())
                .filter(carrier -> carrier != Carrier.PLAIN)
                .flatMap(carrier ->
                        Stream.of(Delivery.GATE, Delivery.DETACH).map(delivery -> Arguments.of(carrier, delivery)));
    }

    /** Frames of each conversation by their thread: a conversation's number is its time. */
    private static Map<String, Set<Long>> threads(Carrier carrier, Delivery delivery, Tunnels tunnels)
            throws Exception {
        Map<String, Set<Long>> flows = new ConcurrentHashMap<>();
        HandlerFactory keeper = new HandlerFactory(
                "keeper",
                () -> frame -> flows.computeIfAbsent(
                                Thread.currentThread().getName(), _ -> ConcurrentHashMap.newKeySet())
                        .add(frame.timestampNanos()));
        WorkerConfig config = new WorkerConfig(
                "w",
                List.of(),
                THREADS,
                Share.FLOW,
                delivery,
                List.of(keeper),
                1,
                1 << 20,
                tunnels,
                List.of(),
                Duration.ZERO,
                Optional.empty());
        try (FedRing fed = new FedRing(4_096, 1 << 20, config).start()) {
            for (int flow = 0; flow < FLOWS; flow++) {
                assertTrue(fed.put(carrier.frame(frame(0x0a00_0001, flow, 0xc0a8_0001, 443)), flow));
                assertTrue(fed.put(carrier.frame(frame(0xc0a8_0001, 443, 0x0a00_0001, flow)), flow));
            }
            fed.ring().flush();
            assertTrue(fed.finish());
            assertEquals(
                    2 * FLOWS, WorkerReport.of(fed.workers(), "test", false).delivered());
        }
        return flows;
    }

    private static byte[] frame(int from, int fromPort, int to, int toPort) {
        byte[] segment = Layers.tcp(fromPort, toPort, 16, Layers.payload(20));
        return Layers.ethernet(2, 1, FrameBytes.IPV4, Layers.ipv4(from, to, FrameBytes.TCP, segment));
    }

    /** Both directions of each: the sets are of conversations, and together they hold each once. */
    @ParameterizedTest
    @MethodSource("everyTunnel")
    void shouldShareByWhatIsInside(Carrier carrier, Delivery delivery) throws Exception {
        Map<String, Set<Long>> flows = threads(carrier, delivery, Tunnels.INNER);
        assertEquals(FLOWS, flows.values().stream().mapToInt(Set::size).sum());
        assertEquals(THREADS, flows.size());
        for (Set<Long> each : flows.values()) { // six standard deviations
            assertEquals(FLOWS / 4.0, each.size(), 6 * Math.sqrt(FLOWS * 3 / 16.0));
        }
    }

    @ParameterizedTest
    @MethodSource("everyTunnel")
    void shouldGiveATunnelToOneThreadWhereThatIsAskedFor(Carrier carrier, Delivery delivery) throws Exception {
        Map<String, Set<Long>> flows = threads(carrier, delivery, Tunnels.OUTER);
        assertEquals(List.of(FLOWS), flows.values().stream().map(Set::size).toList());
    }
}
