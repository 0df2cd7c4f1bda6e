package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BottleneckTest {
    private static WorkerCounts worker(String name, String delivery, double busyShare) {
        WorkerLoad load = new WorkerLoad(busyShare, OptionalLong.empty(), List.of());
        return new WorkerCounts(name, "up", delivery, 100, 100, 0, 0, 0, 0, 0, 0, Optional.of(load));
    }

    private static Ledger ledger(OptionalDouble fill, boolean drained, WorkerCounts... workers) {
        CaptureCounts capture = new CaptureCounts(
                "up",
                "ens192",
                CaptureState.RUNNING,
                100,
                0,
                0,
                OptionalLong.empty(),
                100,
                0,
                0,
                0,
                8,
                0,
                fill,
                GapCounts.NONE);
        return new Ledger(List.of(capture), List.of(workers), List.of(), List.of(), drained);
    }

    @ParameterizedTest
    @CsvSource({
        "0.74, 0.96, 0.90, false, a, 96, 74",
        "0.10, 0.80, 0.81, false, b, 81, 10",
        "0.74, 0.79, 0.10, false, , 0, 0",
        "0.09, 1.00, 0.10, false, , 0, 0",
        "0.74, 0.96, 0.90, true, , 0, 0"
    })
    void shouldNameTheBusiestGateWorkerWhileTheKernelRingFills(
            double fill, double a, double b, boolean drained, String name, int busy, int full) {
        Ledger ledger = ledger(
                OptionalDouble.of(fill),
                drained,
                worker("a", "gate", a),
                worker("b", "gate", b),
                worker("d", "detach", 1));
        String bottleneck = "; worker " + name + " is the bottleneck: " + busy + " % busy, kernel ring of up " + full
                + " % full: make its handlers faster, give it more threads, or delivery = \"detach\"";
        assertEquals("lost 0" + (name == null ? "" : bottleneck), ledger.verdict());
    }

    @Test
    void shouldHaveAnInPlaceWorkerMoveToThreadsOfItsOwn() {
        assertEquals(
                "lost 0; worker p is the bottleneck: 96 % busy, kernel ring of up 74 % full: make its handlers faster, give"
                        + " it threads of its own with delivery = \"gate\", or delivery = \"detach\"",
                ledger(OptionalDouble.of(0.74), false, worker("p", "in-place", 0.96))
                        .verdict());
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shouldNameNobodyWhereItCannotLook(boolean drained) {
        assertEquals(
                "lost 0",
                ledger(OptionalDouble.empty(), drained, worker("a", "gate", 1)).verdict());
    }
}
