package io.ringtap.daemon.cli.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PaceTextTest {
    @Test
    void shouldSayWhatWasAchievedOfWhatWasAskedAndHowLateFramesWent() {
        PaceReport pace = new PaceReport(
                Optional.of(new Throughput(10_000, OptionalDouble.empty())),
                new Throughput(9_998.7654321, OptionalDouble.empty()),
                Optional.of(new Deviation(900, 80_000, 1_250_000, 2_000_000_000)));
        assertEquals(
                "9,998.77 pps of 10,000 pps, late by 900 ns p50, 80.0 us p99, 1.25 ms p99.9, 2.00 s max",
                PaceText.line(pace));
    }

    @Test
    void shouldSayBitsOfAStreamWhoseRateIsInBits() {
        PaceReport pace = new PaceReport(
                Optional.of(new Throughput(1_000, OptionalDouble.of(8e6))),
                new Throughput(999, OptionalDouble.of(7_992_000)),
                Optional.empty());
        assertEquals("7,992,000 bit/s of 8,000,000 bit/s", PaceText.line(pace));
    }

    @Test
    void shouldSayWhatAStreamWithoutDeadlinesAchieved() {
        PaceReport pace =
                new PaceReport(Optional.empty(), new Throughput(1_234_567.8, OptionalDouble.empty()), Optional.empty());
        assertEquals("1,234,570 pps", PaceText.line(pace));
    }
}
