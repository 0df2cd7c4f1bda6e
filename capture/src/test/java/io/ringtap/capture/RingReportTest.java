package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingReportTest {
    private static final LinkLimits ETHERNET = new LinkLimits(1_500, true, true);

    private static CaptureConfig config(
            Mode mode, long buffer, int snaplen, int timeoutMillis, int threads, double rate) {
        return CaptureConfig.builder("uplink", new CaptureOrigin.Live("ens192"))
                .mode(mode)
                .bufferBytes(buffer)
                .snaplenBytes(snaplen)
                .timeout(Duration.ofMillis(timeoutMillis))
                .threads(threads)
                .expectedRate(rate)
                .build();
    }

    private static RingReport report(CaptureConfig config, LinkLimits link) {
        return new RingReport(
                config,
                RingArithmetic.requested(
                        config.mode(), config.bufferBytes(), config.on(link).snaplenBytes(), link),
                link);
    }

    private static RingReport report(CaptureConfig config) {
        return report(config, ETHERNET);
    }

    @Test
    void shouldSayWhatTheDefaultsHoldAndWarnOfNothing() {
        RingReport report = report(CaptureConfig.live("ens192"));
        assertEquals(
                "capture ens192: a kernel ring of 64.0 MiB in throughput mode holds 232,960 frames of 200 bytes: 666 ms at"
                        + " 350,000/s",
                report.summary());
        assertEquals(List.of(), report.warnings());
        assertEquals(
                List.of(),
                report(config(Mode.LOW_LATENCY, 64 << 20, 1_980, 10, 1, 350_000))
                        .warnings());
    }

    @Test
    void shouldCureTheSettingsThatLoseThreePercent() {
        RingReport report = report(config(Mode.LOW_LATENCY, 5_000_000, 250_000, 10, 1, 350_000));
        assertEquals(
                "capture uplink: a kernel ring of 9.6 MiB in low-latency mode with snaplen 250000 holds 77 frames of 200"
                        + " bytes: 0.22 ms at 350,000/s",
                report.summary());
        assertEquals(
                List.of(
                        "capture uplink: 77 frames, 0.22 ms at 350,000/s, are lost when a pause is longer than that: use"
                                + " snaplen = 1980 and buffer = \"35 MiB\", or mode = \"throughput\"",
                        "capture uplink: in low-latency mode snaplen = 250000 takes 131,072 bytes of the ring for every"
                                + " frame, however short: use snaplen = 1980, with which two fit into a page, or switch the"
                                + " interface's TSO, GSO and GRO off"),
                report.warnings());
    }

    /** The slot's bytes, with offloads and without. */
    @ParameterizedTest
    @CsvSource({
        "1500, true, 2048",
        "1954, true, 2048",
        "1965, true, 2064",
        "9000, true, 9104",
        "9000, false, 9088",
        "65536, true, 16384"
    })
    void shouldMakeSlotsForTheMtu(int mtu, boolean offloads, int slotBytes) {
        LinkLimits link = new LinkLimits(mtu, offloads, true);
        RingReport report = report(config(Mode.LOW_LATENCY, 64 << 20, 0, 10, 1, 1_000), link);
        assertEquals(slotBytes, report.ring().slotBytes());
        String longer =
                "capture uplink: the MTU of ens192, 65536, allows frames of 65,550 bytes, and the kernel ring has room for"
                        + " 16,314 of each: the rest is cut off, and such frames are counted as cut: use snaplen = 65560, or mode ="
                        + " \"throughput\"";
        assertEquals(mtu == 65_536 ? List.of(longer) : List.of(), report.warnings());
        assertEquals(
                List.of(),
                report(config(Mode.LOW_LATENCY, 64 << 20, 65_560, 10, 1, 1_000), link).warnings().stream()
                        .filter(warning -> warning.contains("cut"))
                        .toList());
    }

    @Test
    void shouldWarnWhereTheMtuHasRisenAboveTheSlotsUnlessAskedTo() {
        assertEquals(
                "capture uplink: the MTU of ens192, 9000, allows frames of 9,014 bytes, and the kernel ring has room for 1,978 of"
                        + " each: the rest is cut off, and such frames are counted as cut: start ringtap again, for a ring with"
                        + " room for them",
                report(config(Mode.LOW_LATENCY, 64 << 20, 0, 10, 1, 1_000))
                        .cut(9_000)
                        .orElseThrow());
        assertEquals(
                Optional.empty(),
                report(config(Mode.LOW_LATENCY, 64 << 20, 1_980, 10, 1, 1_000)).cut(9_000));
        assertEquals(
                Optional.empty(),
                report(config(Mode.THROUGHPUT, 64 << 20, 0, 10, 1, 1_000)).cut(65_536));
    }

    @Test
    void shouldAddUpTheRingsOfAFanoutGroup() {
        RingReport report = report(config(Mode.THROUGHPUT, 2 << 20, 65_535, 10, 4, 700_000));
        assertEquals(
                "capture uplink: 4 kernel rings of 2.0 MiB in throughput mode hold 29,120 frames of 200 bytes together:"
                        + " 42 ms at 700,000/s",
                report.summary());
        assertEquals(
                List.of(
                        "capture uplink: 29,120 frames, 42 ms at 700,000/s, are lost when a pause is longer than that: use"
                                + " buffer = \"3 MiB\""),
                report.warnings());
    }

    @Test
    void shouldWarnOfFewBlocksThatAreHandedOverSoon() {
        RingReport report = report(config(Mode.THROUGHPUT, 2 << 20, 65_535, 5, 1, 1_000));
        assertEquals(
                List.of(
                        "capture uplink: 8 blocks handed over after 5 ms each, with a single frame in them if no more came,"
                                + " last for 40 ms: use buffer = \"3 MiB\", or timeout = \"7 ms\""),
                report.warnings());
        assertEquals(
                List.of(),
                report(config(Mode.THROUGHPUT, 2 << 20, 65_535, 7, 1, 1_000)).warnings());
        assertEquals(
                List.of(),
                report(config(Mode.THROUGHPUT, 3 << 20, 65_535, 5, 1, 1_000)).warnings());
    }

    @Test
    void shouldSayWhatItAssumesOfAnInterfaceThatIsNotHere() {
        CaptureConfig config = config(Mode.LOW_LATENCY, 64 << 20, 1_980, 10, 1, 350_000);
        assertTrue(
                report(config, LinkLimits.ASSUMED)
                        .summary()
                        .endsWith("94 ms at 350,000/s (interface ens192 is not here: an MTU of 1500, with offloads, is"
                                + " assumed)"),
                report(config, LinkLimits.ASSUMED).summary());
        assertEquals(report(config).frames(), report(config, LinkLimits.ASSUMED).frames());
    }

    @Test
    void shouldNameTheMemoryWhereTheKernelGaveLessThanAskedFor() {
        RingReport report = new RingReport(
                CaptureConfig.live("ens192"), RingArithmetic.granted(Mode.THROUGHPUT, 262_144, 1 << 20), ETHERNET);
        assertEquals(
                "capture ens192: 3,640 frames, 10 ms at 350,000/s, are lost when a pause is longer than that: the kernel had"
                        + " no memory for the buffer asked for: free some, or have fewer rings",
                report.warnings().getFirst());
    }

    @Test
    void shouldAdviseThreadsWhereNoBufferIsLargeEnough() {
        RingReport report = report(config(Mode.LOW_LATENCY, 64 << 20, 1_980, 10, 1, 100e6));
        assertTrue(
                report.warnings()
                        .getFirst()
                        .endsWith("no buffer is large enough for that rate; use threads = 2 or more"),
                report.warnings().getFirst());
    }

    /** Whatever is wrong, who does what a warning says is not warned again. */
    @ParameterizedTest
    @CsvSource({
        "LOW_LATENCY, 5000000, 250000, 350000",
        "LOW_LATENCY, 65536, 1980, 350000",
        "LOW_LATENCY, 65536, 100, 350000",
        "LOW_LATENCY, 5000000, 9018, 1000000",
        "THROUGHPUT, 65536, 65535, 350000",
        "THROUGHPUT, 2097152, 64, 2000000",
        "THROUGHPUT, 2097152, 65535, 14880952"
    })
    void shouldAdviseWhatIsEnough(Mode mode, long buffer, int snaplen, double rate) {
        String warning =
                report(config(mode, buffer, snaplen, 10, 1, rate)).warnings().getFirst();
        int advisedSnaplen = number(warning, "snaplen = (\\d+)", snaplen);
        long advisedBuffer = number(warning, "buffer = \"(\\d+) MiB\"", 0) * (1L << 20);
        RingReport advised = report(config(mode, Math.max(buffer, advisedBuffer), advisedSnaplen, 50, 1, rate));
        assertEquals(List.of(), advised.warnings());
        assertTrue(advised.millis() < 90 || advised.config().bufferBytes() < 4 << 20, "no more than needed");
    }

    private static int number(String text, String pattern, int otherwise) {
        var matcher = java.util.regex.Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }
}
