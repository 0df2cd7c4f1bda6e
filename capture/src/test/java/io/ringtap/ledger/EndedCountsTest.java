package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EndedCountsTest {
    private static CaptureCounts capture(String name, CaptureState state, long received, OptionalLong inInterface) {
        return new CaptureCounts(
                name,
                "ens192",
                state,
                received,
                1,
                0,
                inInterface,
                received - 1,
                0,
                0,
                5,
                4096,
                7,
                OptionalDouble.empty(),
                GapCounts.NONE);
    }

    private static WorkerCounts worker(String capture, long published, long shed) {
        return new WorkerCounts("analysis", capture, published, published - shed - 1, 1, shed, 3, 11);
    }

    private static HandlerCounts table(String column, long value, Set<String> gauges) {
        SortedMap<String, SortedMap<String, Long>> table = new TreeMap<>();
        table.put("row", new TreeMap<>(Map.of(column, value, "now", 9L)));
        return new HandlerCounts("analysis", "uplink", "flows", table, gauges);
    }

    @Test
    void shouldKeepWhatACaptureCountedUnderItsName() {
        EndedCounts ended = EndedCounts.NONE.plus(
                capture("uplink", CaptureState.FAILED, 100, OptionalLong.of(2)),
                List.of(worker("uplink", 99, 4)),
                List.of(),
                true);
        CaptureCounts kept = ended.addedTo(List.of()).getFirst();
        assertEquals(CaptureState.ENDED, kept.state());
        assertEquals(100, kept.received());
        assertEquals(OptionalLong.of(2), kept.interfaceDropped());
        assertEquals(0, kept.ringCapacity());
        assertEquals(0, kept.inKernelRing());
        WorkerCounts worker = ended.addedToWorkers(List.of()).getFirst();
        assertEquals(
                List.of(99L, 94L, 1L, 4L, 0L),
                List.of(worker.published(), worker.delivered(), worker.failed(), worker.shed(), worker.lag()));
        assertTrue(ended.drained());
    }

    @Test
    void shouldAddItToThatOfTheCaptureThatHasTheNameNow() {
        EndedCounts ended = EndedCounts.NONE;
        for (int i = 0; i < 3; i++) {
            ended = ended.plus(
                    capture("uplink", CaptureState.ENDED, 100, OptionalLong.of(2)),
                    List.of(worker("uplink", 99, 4)),
                    List.of(),
                    true);
        }
        List<CaptureCounts> all = ended.addedTo(List.of(
                capture("lan", CaptureState.RUNNING, 10, OptionalLong.empty()),
                capture("uplink", CaptureState.RUNNING, 10, OptionalLong.empty())));
        assertEquals(
                List.of("lan", "uplink"), all.stream().map(CaptureCounts::name).toList());
        assertEquals(10, all.getFirst().received());
        assertEquals(310, all.getLast().received());
        assertEquals(4, all.getLast().kernelDropped());
        assertEquals(306, all.getLast().published());
        assertEquals(OptionalLong.of(6), all.getLast().interfaceDropped());
        assertEquals(CaptureState.RUNNING, all.getLast().state());
        assertEquals(5, all.getLast().ringUsed());
        WorkerCounts worker = ended.addedToWorkers(List.of(worker("lan", 9, 0), worker("uplink", 9, 0)))
                .getLast();
        assertEquals(306, worker.published());
        assertEquals(12, worker.shed());
        assertEquals(4, worker.failed());
        assertEquals(3, worker.lag());
        assertEquals(0, worker.inFlight());
    }

    @Test
    void shouldAddUpWhatHandlersCountedAndForgetWhatWasSoAtAMoment() {
        EndedCounts ended = EndedCounts.NONE.plus(
                capture("uplink", CaptureState.ENDED, 1, OptionalLong.empty()),
                List.of(),
                List.of(table("frames", 5, Set.of("now")), table("frames", 50, Set.of("now"))),
                true);
        assertEquals(
                List.of("{row={frames=5}}", "{row={frames=50}}"),
                ended.addedToHandlers(List.of()).stream()
                        .map(handler -> handler.table().toString())
                        .toList());
        assertEquals(
                List.of("{row={frames=6, now=9}}", "{row={frames=50}}"),
                ended.addedToHandlers(List.of(table("frames", 1, Set.of("now")))).stream()
                        .map(handler -> handler.table().toString())
                        .toList());
    }

    @Test
    void shouldNotCallDrainedWhatOneHasLeftBehind() {
        EndedCounts ended = EndedCounts.NONE
                .plus(capture("a", CaptureState.ENDED, 1, OptionalLong.empty()), List.of(), List.of(), false)
                .plus(capture("b", CaptureState.ENDED, 1, OptionalLong.empty()), List.of(), List.of(), true);
        assertFalse(ended.drained());
    }

    @Test
    void shouldAddUpWhatStreamsOfANameSent() {
        InjectCounts earlier = new InjectCounts("beacon", "ens192", 10, 3, new TreeMap<>(Map.of("link_down", 3L)));
        InjectCounts now =
                new InjectCounts("beacon", "ens224", 5, 2, new TreeMap<>(Map.of("link_down", 1L, "stopped", 1L)));
        assertEquals(
                new InjectCounts("beacon", "ens224", 15, 5, new TreeMap<>(Map.of("link_down", 4L, "stopped", 1L))),
                now.plus(earlier));
    }
}
