package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.EarlyLoss.Cause;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BeforeTapVerdictTest {
    private static CaptureCounts capture(String name, Optional<Softnet> softnet, EarlyLoss... losses) {
        return new CaptureCounts(
                name,
                "ens192",
                CaptureState.RUNNING,
                100,
                0,
                0,
                OptionalLong.of(3),
                100,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE,
                new BeforeTap(List.of(losses), softnet));
    }

    private static Ledger ledger(CaptureCounts... captures) {
        return new Ledger(List.of(captures), List.of(), List.of(), List.of(), false);
    }

    private static Optional<Softnet> softnet(long dropped, long squeezed, OptionalLong maxBacklog) {
        return Optional.of(new Softnet(dropped, squeezed, maxBacklog));
    }

    @Test
    void shouldCountWhatIsCertainAsLostOnceForAnInterface() {
        EarlyLoss full = new EarlyLoss(Cause.NO_BUFFER, "pkts rx OOB", 40);
        EarlyLoss hint = new EarlyLoss(Cause.DROPPED, "rx_dropped", 7);
        Ledger ledger = ledger(
                capture("a", Optional.empty(), full, hint), capture("b", Optional.empty(), full.plus(2), hint.plus(2)));
        assertEquals(45, ledger.lost());
        assertEquals(0, ledger.unaccounted());
        assertEquals(OptionalLong.of(42), ledger.captures().get(1).beforeTap().driverDropped());
        assertEquals(
                OptionalLong.empty(),
                capture("a", Optional.empty(), hint).beforeTap().driverDropped());
    }

    @Test
    void shouldSayWhereTheCardLostAndWhatToDo() {
        EarlyLoss full = new EarlyLoss(Cause.NO_BUFFER, "pkts rx OOB", 40);
        assertEquals(
                "lost 43: 3 in the interface ens192 before the kernel took them: enlarge its receive ring (ethtool -G) or spread its"
                        + " interrupts; 40 before the tap (pkts rx OOB): the card found no free receive buffer: enlarge its receive"
                        + " ring (ethtool -G ens192 rx N) or spread its interrupts; a processor of the machine left frames waiting 6"
                        + " times: raise net.core.netdev_budget",
                ledger(capture("a", softnet(0, 6, OptionalLong.empty()), full)).verdict());
    }

    private static String hint(Optional<Softnet> softnet, long frames) {
        String verdict = ledger(capture("a", softnet, new EarlyLoss(Cause.DROPPED, "rx_dropped", frames)))
                .verdict();
        return verdict.substring(verdict.indexOf("; hint") + 2);
    }

    @Test
    void shouldNameTheBacklogThatWasFull() {
        assertEquals(
                "hint: 282 dropped on ens192 (rx_dropped) before the tap: the per-processor backlog was full (282 dropped on the"
                        + " whole machine; net.core.netdev_max_backlog is 20): raise net.core.netdev_max_backlog, or spread the load"
                        + " over more processors",
                hint(softnet(282, 0, OptionalLong.of(20)), 282));
        assertEquals(
                "hint: 282 dropped on ens192 (rx_dropped) before the tap: the per-processor backlog was full (9 dropped on the"
                        + " whole machine): raise net.core.netdev_max_backlog, or spread the load over more processors; the rest:"
                        + " frames longer than its MTU, no memory, or frames that nothing but the capture took, which are not lost",
                hint(softnet(9, 0, OptionalLong.empty()), 282));
    }

    @Test
    void shouldNotBlameABacklogThatWasNotFull() {
        String told =
                "hint: 282 dropped on ens192 (rx_dropped), though no backlog was full: frames longer than its MTU, no memory, or"
                        + " frames that nothing but the capture took, which are not lost";
        assertEquals(told, hint(softnet(0, 0, OptionalLong.of(1_000)), 282));
        assertEquals(told.replace(", though no backlog was full", ""), hint(Optional.empty(), 282));
    }

    @Test
    void shouldSayNothingOfCountersThatStandStill() {
        EarlyLoss none = new EarlyLoss(Cause.DROPPED, "rx_dropped", 0);
        assertEquals(
                "lost 3: 3 in the interface ens192 before the kernel took them: enlarge its receive ring (ethtool -G) or spread its"
                        + " interrupts",
                ledger(capture("a", softnet(5, 5, OptionalLong.of(1_000)), none))
                        .verdict());
    }

    @Test
    void shouldAddWhatAnEarlierCaptureOfTheNameCounted() {
        CaptureCounts earlier = capture(
                "a",
                softnet(1, 2, OptionalLong.of(20)),
                new EarlyLoss(Cause.DROPPED, "rx_dropped", 5),
                new EarlyLoss(Cause.XDP, "rx_xdp_drop", 1));
        CaptureCounts later =
                capture("a", softnet(10, 20, OptionalLong.of(30)), new EarlyLoss(Cause.DROPPED, "rx_dropped", 6));
        BeforeTap both = later.plus(earlier).beforeTap();
        assertEquals(
                List.of(new EarlyLoss(Cause.XDP, "rx_xdp_drop", 1), new EarlyLoss(Cause.DROPPED, "rx_dropped", 11)),
                both.losses());
        assertEquals(softnet(11, 22, OptionalLong.of(30)), both.softnet());
        assertEquals(both, later.plus(earlier).ended().beforeTap());
    }
}
