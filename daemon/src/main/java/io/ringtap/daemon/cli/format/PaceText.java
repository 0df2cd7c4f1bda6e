package io.ringtap.daemon.cli.format;

import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** The pace of a stream, for people. */
public final class PaceText {
    private static final MathContext SIX_DIGITS = new MathContext(6);

    private PaceText() {}

    /** Returns what was achieved of what was asked, and how late the frames were. */
    public static String line(PaceReport pace) {
        String asked = pace.asked().map(throughput -> " of " + rate(throughput)).orElse("");
        return rate(pace.achieved())
                + asked
                + pace.deviation().map(late -> ", late by " + late(late)).orElse("");
    }

    private static String rate(Throughput throughput) {
        return throughput.bitsPerSecond().isPresent()
                ? number(throughput.bitsPerSecond().getAsDouble()) + " bit/s"
                : number(throughput.framesPerSecond()) + " pps";
    }

    /** Six digits, as more would change with each look, with thousands separators. */
    static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(SIX_DIGITS).stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    private static String late(Deviation late) {
        return LoadTable.time(late.p50Nanos()) + " p50, " + LoadTable.time(late.p99Nanos()) + " p99, "
                + LoadTable.time(late.p999Nanos()) + " p99.9, " + LoadTable.time(late.maxNanos()) + " max";
    }
}
