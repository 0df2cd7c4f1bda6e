package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.Gaps;
import io.ringtap.testjfr.FlightEvents;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapReportTest {
    private static final long SECOND = 1_000_000_000;

    private final List<String> lines = new ArrayList<>();
    private long nanos = 7;
    private final GapReport report = new GapReport("capture a on b", lines::add, () -> nanos, new Gaps());

    @Test
    void shouldSayOnceThatAGapBeginsAndThatItIsOver() {
        report.begin(Cause.DOWN, "");
        report.begin(Cause.MISSING, "");
        report.begin(Cause.MISSING, "");
        report.end();
        report.end();
        assertEquals(2, lines.size(), lines.toString());
        assertEquals("capture a on b: the interface is down: waits for it", lines.getFirst());
        assertEquals("capture a on b: goes on after 0.0 s in which the interface was missing", lines.getLast());
    }

    @Test
    void shouldTellFlightRecorderOfEachGapWhenItIsOver() {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Gap")) {
            report.begin(Cause.DOWN, "");
            report.begin(Cause.MISSING, "");
            report.end();
            report.end();
            report.begin(Cause.NO_CARRIER, "");
            report.close();
            assertEquals(
                    List.of("capture a on b: missing", "capture a on b: no_carrier"),
                    flight.end().stream()
                            .map(gap -> gap.getString("subject") + ": " + gap.getString("cause"))
                            .toList());
        }
    }

    @Test
    void shouldRepeatARefusalOnlyOnceAMinuteOrForAnotherReason() {
        report.begin(Cause.MISSING, "");
        for (int i = 0; i < 60; i++) {
            report.begin(Cause.REFUSED, "no permission");
            nanos += SECOND;
        }
        assertEquals("capture a on b: waits, and tries again: no permission", lines.getLast());
        assertEquals(2, lines.size(), lines.toString());
        report.begin(Cause.REFUSED, "no permission");
        assertEquals(3, lines.size(), lines.toString());
        report.begin(Cause.REFUSED, "no memory");
        assertEquals("capture a on b: waits, and tries again: no memory", lines.getLast());
        assertEquals(4, lines.size(), lines.toString());
    }

    @Test
    void shouldTellARefusalOfAnotherGapThoughItsReasonIsTheSame() {
        report.begin(Cause.REFUSED, "no memory");
        report.end();
        report.begin(Cause.REFUSED, "no memory");
        assertEquals("capture a on b: waits, and tries again: no memory", lines.getLast());
        assertEquals(3, lines.size(), lines.toString());
    }

    @Test
    void shouldNotFillTheLogWhenALinkComesAndGoesAllTheTime() {
        for (int i = 0; i < 100; i++) {
            report.begin(Cause.NO_CARRIER, "");
            report.end();
        }
        assertEquals(LineLimit.LINES_A_MINUTE, lines.size());
        nanos += 60 * SECOND;
        report.begin(Cause.NO_CARRIER, "");
        assertEquals(
                "capture a on b: the interface has no carrier: waits for it (lines left out before this one: "
                        + (200 - LineLimit.LINES_A_MINUTE) + ")",
                lines.getLast());
        assertEquals(101, report.counts().count());
    }
}
