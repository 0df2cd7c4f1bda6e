package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    @Test
    void shouldTellRatesSinceTheLineBeforeAndTheVerdict() {
        StatusLine status = new StatusLine(ledger(1_000_000, 0, 7), seconds(100));
        assertEquals(
                "350,000 frames/s received, 12/s sent; lost 0", status.next(ledger(1_700_000, 0, 31), seconds(102)));
        assertEquals("0 frames/s received, 0/s sent; lost 0", status.next(ledger(1_700_000, 0, 31), seconds(104)));
        assertEquals(
                "50 frames/s received, 0/s sent; lost 40: 40 (0.00 %) in the kernel ring",
                status.next(ledger(1_700_100, 40, 31), seconds(106)).replaceAll(" of uplink.*", ""));
    }

    private static Ledger ledger(long received, long dropped, long sent) {
        CaptureCounts capture = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                received,
                dropped,
                0,
                OptionalLong.empty(),
                received - dropped,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
        return new Ledger(
                List.of(capture),
                List.of(),
                List.of(new InjectCounts("beacon", "ens192", sent, 0, new TreeMap<>())),
                List.of(),
                false);
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
