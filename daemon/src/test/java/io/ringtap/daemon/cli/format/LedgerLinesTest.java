package io.ringtap.daemon.cli.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.EarlyLoss.Cause;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Softnet;
import io.ringtap.ledger.WorkerCounts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LedgerLinesTest {
    private static List<String> lines(EarlyLoss... losses) {
        CaptureCounts capture = new CaptureCounts(
                "up",
                "ens192",
                CaptureState.RUNNING,
                10,
                1,
                0,
                OptionalLong.of(2),
                9,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE,
                new BeforeTap(List.of(losses), Optional.of(new Softnet(5, 6, OptionalLong.empty()))));
        return LedgerLines.of(new Ledger(List.of(capture), List.of(), List.of(), List.of(), true));
    }

    @Test
    void shouldTellWhatWasLostBeforeTheTapAndWhatMayHaveBeen() {
        assertEquals(
                List.of(
                        "capture=up interface=ens192 received=10 kernel_dropped=1 interface_dropped=2 driver_dropped=12"
                                + " hint_dropped=282 hint_damaged=7 published=9",
                        "ledger lost=15 unaccounted=0"),
                lines(
                        new EarlyLoss(Cause.NO_BUFFER, "pkts rx OOB", 8),
                        new EarlyLoss(Cause.DRIVER, "drv dropped rx total", 4),
                        new EarlyLoss(Cause.DAMAGED, "rx_crc_errors", 3),
                        new EarlyLoss(Cause.DROPPED, "rx_dropped", 282),
                        new EarlyLoss(Cause.DAMAGED, "rx_length_errors", 4)));
    }

    @Test
    void shouldLeaveOutWhatStandsStillAndWhatIsTheMachines() {
        assertEquals(
                "capture=up interface=ens192 received=10 kernel_dropped=1 interface_dropped=2 published=9",
                lines(new EarlyLoss(Cause.DRIVER, "rx_dropped", 0), new EarlyLoss(Cause.XDP, "rx_xdp_drop", 0))
                        .getFirst());
    }

    @Test
    void shouldTellWhatAWorkerDidNotGet() {
        WorkerCounts worker = new WorkerCounts("w", "up", "detach", 10, 4, 1, 1, 1, 2, 1, 0, Optional.empty());
        assertEquals(
                "worker=w capture=up delivered=4 failed=1 shed=1 shed_share=0.1000 sampled_out=1 sieved=2",
                LedgerLines.of(new Ledger(List.of(), List.of(worker), List.of(), List.of(), true))
                        .getFirst());
    }
}
