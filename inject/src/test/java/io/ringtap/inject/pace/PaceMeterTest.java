package io.ringtap.inject.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.config.Schedule;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceMeterTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong sent = new AtomicLong();
    private final PaceMeter meter = new PaceMeter(sent::get);

    @Test
    void shouldTellNothingBeforeTheFirstFrame() {
        assertEquals(Optional.empty(), meter.report());
        meter.begin(Optional.empty(), 5 * SECOND);
        assertEquals(Optional.empty(), meter.report());
    }

    @Test
    void shouldSetWhatWasSentAgainstWhatFellDue() {
        sent.set(70);
        meter.begin(Optional.of(new Schedule.Rate(100)), 5 * SECOND);
        meter.went(200, 7 * SECOND + SECOND / 2, 2 * SECOND, 200);
        sent.set(70 + 150); // 50 failed
        PaceReport report = meter.report().orElseThrow();
        assertEquals(Optional.of(new Throughput(100, OptionalDouble.empty())), report.asked());
        assertEquals(new Throughput(60, OptionalDouble.empty()), report.achieved());
    }

    @Test
    void shouldTellTheBitsOfAStreamWhoseRateIsInBits() {
        meter.begin(Optional.of(new Schedule.BitRate(8_000)), 0);
        meter.went(10, 4 * SECOND, 2 * SECOND, 16_000);
        sent.set(5);
        PaceReport report = meter.report().orElseThrow();
        assertEquals(Optional.of(new Throughput(5, OptionalDouble.of(8_000))), report.asked());
        assertEquals(new Throughput(1.25, OptionalDouble.of(2_000)), report.achieved());
    }

    @Test
    void shouldTellNoDeviationWhereNoFrameWasTried() {
        meter.begin(Optional.of(new Schedule.Rate(100)), 0);
        meter.went(200, 2 * SECOND, 2 * SECOND, 200); // all failed, as the link was down
        PaceReport report = meter.report().orElseThrow();
        assertEquals(100, report.asked().orElseThrow().framesPerSecond());
        assertEquals(Optional.empty(), report.deviation());
    }

    @Test
    void shouldTellPercentilesOfTheDeviationToAPercent() {
        meter.begin(Optional.of(new Schedule.Rate(1_000)), 0);
        for (int i = 1; i <= 10_000; i++) {
            meter.late(i * 1_000L);
        }
        meter.went(10_000, SECOND, SECOND, 10_000);
        Deviation late = meter.report().orElseThrow().deviation().orElseThrow();
        assertEquals(5e6, (double) late.p50Nanos(), 5e4);
        assertEquals(9.9e6, (double) late.p99Nanos(), 1e5);
        assertEquals(9.99e6, (double) late.p999Nanos(), 1e5);
        assertEquals(1e7, (double) late.maxNanos(), 1e5);
    }

    @Test
    void shouldBeginAnew() {
        meter.begin(Optional.of(new Schedule.Rate(1)), 0);
        meter.late(SECOND);
        sent.set(1);
        meter.went(1, SECOND, SECOND, 1);
        meter.begin(Optional.of(new Schedule.Rate(1)), 10 * SECOND);
        assertEquals(Optional.empty(), meter.report());
        meter.late(1);
        sent.set(2);
        meter.went(1, 11 * SECOND, SECOND, 1);
        PaceReport report = meter.report().orElseThrow();
        assertEquals(1, report.achieved().framesPerSecond());
        assertEquals(1, report.deviation().orElseThrow().maxNanos());
    }

    @Test
    void shouldTellNoDeviationOfAStreamWithoutDeadlines() {
        meter.begin(Optional.empty(), 0);
        sent.set(50);
        meter.went(50, SECOND, 0, 0);
        PaceReport report = meter.report().orElseThrow();
        assertTrue(report.asked().isEmpty() && report.deviation().isEmpty());
        assertEquals(50, report.achieved().framesPerSecond());
    }
}
