package io.ringtap.daemon.config.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.inject.config.Schedule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0 B, 0",
        "64 MiB, 67108864",
        "64MiB, 67108864",
        "' 64   MiB ', 67108864",
        "1.5 MiB, 1572864",
        "9 KiB, 9216",
        "2 GiB, 2147483648",
        "9 kB, 9000",
        "9 MB, 9000000",
        "9 GB, 9000000000",
        "9223372036854775807 B, 9223372036854775807",
        "0.0009765625 KiB, 1"
    })
    void shouldReadSizes(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64 Mib | must be a size such as \"64 MiB\", not \"64 Mib\" (did you mean MiB?)",
                "64 | must be a size such as \"64 MiB\", not \"64\" (units: B, KiB, MiB, GiB, kB, MB, GB)",
                "64 ms | must be a size such as \"64 MiB\", not \"64 ms\" (units: B, KiB, MiB, GiB, kB, MB, GB)",
                "-1 B | must be a size such as \"64 MiB\", not \"-1 B\": it cannot be negative",
                "'' | must be a size such as \"64 MiB\", not \"\"",
                "MiB | must be a size such as \"64 MiB\", not \"MiB\"",
                "1e3 B | must be a size such as \"64 MiB\", not \"1e3 B\"",
                "1,5 MiB | must be a size such as \"64 MiB\", not \"1,5 MiB\"",
                "1.5 B | must be a size such as \"64 MiB\", not \"1.5 B\": it is no whole number of bytes",
                "9223372036854775808 B | must be a size such as \"64 MiB\", not \"9223372036854775808 B\": it is too large",
                "9000000000000000000 GiB | must be a size such as \"64 MiB\", not \"9000000000000000000 GiB\": it is too large"
            })
    void shouldRefuseWhatIsNoSize(String text, String message) {
        assertEquals(message, refusal(() -> ByteSize.parse(text)));
    }

    @Test
    void shouldRefuseAMillionDigitsAtOnceAndQuoteFewOfThem() {
        String digits = "1".repeat(1_000_000) + " MiB";
        String shown = "1".repeat(60) + "…";
        assertEquals("must be a size such as \"64 MiB\", not \"" + shown + "\"", refusal(() -> ByteSize.parse(digits)));
    }

    @ParameterizedTest
    @CsvSource({
        "0 ns, 0",
        "5 ns, 5",
        "5 us, 5000",
        "5 µs, 5000",
        "5 μs, 5000",
        "10 ms, 10000000",
        "10ms, 10000000",
        "1.5 s, 1500000000",
        "2 min, 120000000000",
        "1 h, 3600000000000",
        "9223372036854775807 ns, 9223372036854775807"
    })
    void shouldReadTimes(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), TimeSpan.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10 | must be a time such as \"10 ms\", not \"10\" (units: ns, us, µs, μs, ms, s, min, h)",
                "10 mss | must be a time such as \"10 ms\", not \"10 mss\" (did you mean ms?)",
                "10 MS | must be a time such as \"10 ms\", not \"10 MS\" (did you mean ms?)",
                "-10 ms | must be a time such as \"10 ms\", not \"-10 ms\": it cannot be negative",
                "0.5 ns | must be a time such as \"10 ms\", not \"0.5 ns\": it is no whole number of nanoseconds",
                "2562048 h | must be a time such as \"10 ms\", not \"2562048 h\": it is too long"
            })
    void shouldRefuseWhatIsNoTime(String text, String message) {
        assertEquals(message, refusal(() -> TimeSpan.parse(text)));
    }

    @Test
    void shouldTakeABareNumberAsSecondsWhereTheOptionSaysSo() {
        assertEquals(Duration.ofSeconds(10), TimeSpan.parseSeconds("10"));
        assertEquals(Duration.ofMillis(2_500), TimeSpan.parseSeconds("2.5"));
        assertEquals(Duration.ofMinutes(1), TimeSpan.parseSeconds("1 min"));
        assertEquals("must be a time such as \"10 s\", not \"ten\"", refusal(() -> TimeSpan.parseSeconds("ten")));
        assertEquals(
                "must be a time such as \"10 s\", not \"10 sec\" (units: ns, us, µs, μs, ms, s, min, h)",
                refusal(() -> TimeSpan.parseSeconds("10 sec")));
    }

    @ParameterizedTest
    @CsvSource({"350 kpps, 350000", "350kpps, 350000", "1.5 Mpps, 1500000", "0.5 pps, 0.5", "1000 Mpps, 1000000000"})
    void shouldReadRates(String text, double framesPerSecond) {
        assertEquals(framesPerSecond, FrameRate.parse(text), 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "350 kps | must be a rate such as \"350 kpps\", not \"350 kps\" (did you mean kpps?)",
                "350 | must be a rate such as \"350 kpps\", not \"350\" (units: pps, kpps, Mpps)",
                "0 pps | must be a rate such as \"350 kpps\", not \"0 pps\": it must be above 0",
                "-3 pps | must be a rate such as \"350 kpps\", not \"-3 pps\": it cannot be negative",
                "1001 Mpps | must be a rate such as \"350 kpps\", not \"1001 Mpps\": it can be at most 1000 Mpps"
            })
    void shouldRefuseWhatIsNoRate(String text, String message) {
        assertEquals(message, refusal(() -> FrameRate.parse(text)));
    }

    @Test
    void shouldReadRatesOfStreamsInFramesAndInBits() {
        assertEquals(new Schedule.Rate(350_000), StreamRate.parse("350 kpps"));
        assertEquals(new Schedule.Rate(0.5), StreamRate.parse("0.5pps"));
        assertEquals(new Schedule.BitRate(9_600), StreamRate.parse("9600 bit/s"));
        assertEquals(new Schedule.BitRate(64_000), StreamRate.parse("64kbit/s"));
        assertEquals(new Schedule.BitRate(2_500_000), StreamRate.parse("2.5 Mbit/s"));
        assertEquals(new Schedule.BitRate(1e10), StreamRate.parse("10 Gbit/s"));
    }

    @ParameterizedTest
    @CsvSource({
        "10Mbps, 10000000",
        "10 Mbit, 10000000",
        "1.5 Gbps, 1500000000",
        "80kbit, 80000",
        "9600 bps, 9600",
        "' 9600bit ', 9600"
    })
    void shouldTakeBitsAsOtherToolsSpellThem(String text, double bitsPerSecond) {
        assertEquals(new Schedule.BitRate(bitsPerSecond), StreamRate.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5 | must be a rate such as \"350 kpps\", not \"5\" (units: pps, kpps, Mpps, bit/s, kbit/s, Mbit/s, Gbit/s)",
                "5 MBps | must be a rate such as \"350 kpps\", not \"5 MBps\" (did you mean Mpps?)",
                "5 mbit/s | must be a rate such as \"350 kpps\", not \"5 mbit/s\" (did you mean Mbit/s?)",
                "0 bit/s | must be a rate such as \"350 kpps\", not \"0 bit/s\": it must be above 0",
                "2000 Gbit/s | must be from 1 to 1000000000000 bits a second, not 2000000000000"
            })
    void shouldRefuseWhatIsNoRateOfAStream(String text, String message) {
        assertEquals(message, refusal(() -> StreamRate.parse(text)));
    }

    private static String refusal(Runnable parse) {
        return assertThrows(IllegalArgumentException.class, parse::run).getMessage();
    }
}
