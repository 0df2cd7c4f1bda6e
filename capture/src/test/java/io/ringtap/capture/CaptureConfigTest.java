package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.frame.TunnelPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureConfigTest {
    private static final CaptureOrigin LIVE = new CaptureOrigin.Live("eth0");
    private static final CaptureOrigin FILE = file(new FramePace.Max());

    private static CaptureOrigin file(FramePace pace) {
        return new CaptureOrigin.File(Path.of("trace.pcap"), pace);
    }

    private static CaptureConfig config(
            String name, CaptureOrigin origin, long buffer, int snaplen, Duration timeout, int threads) {
        return CaptureConfig.builder(name, origin)
                .bufferBytes(buffer)
                .snaplenBytes(snaplen)
                .timeout(timeout)
                .threads(threads)
                .build();
    }

    private static CaptureConfig config(long buffer, int snaplen, Duration timeout, int threads) {
        return config("uplink", LIVE, buffer, snaplen, timeout, threads);
    }

    private static CaptureConfig from(CaptureOrigin origin) {
        return config("uplink", origin, 1 << 20, 100, Duration.ofMillis(10), 1);
    }

    private static void assertRefused(Runnable make, String key, String message) {
        var refusal = assertThrows(InvalidConfigException.class, make::run);
        assertEquals(List.of(new Problem(key, message)), refusal.problems());
        assertEquals(key + ": " + message, refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 14, 1, 1",
        "2146435072, 262144, 10000, 64",
        "67108864, 65535, 10, 1",
    })
    void shouldTakeEverythingUpToTheLimits(long buffer, int snaplen, long millis, int threads) {
        assertDoesNotThrow(() -> config(buffer, snaplen, Duration.ofMillis(millis), threads));
    }

    @ParameterizedTest
    @ValueSource(longs = {65_535, 2_146_435_073L, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldRefuseABufferThatLibpcapCannotMake(long buffer) {
        assertRefused(
                () -> config(buffer, 100, Duration.ofMillis(10), 1),
                "buffer",
                "must be from 64 KiB to 2047 MiB, not " + buffer + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 262_145, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldRefuseASnaplenThatHoldsNoHeaderOrMoreThanLibpcapTakes(int snaplen) {
        assertRefused(
                () -> config(1 << 20, snaplen, Duration.ofMillis(10), 1),
                "snaplen",
                "must be from 14 to 262144 bytes, or 0 for whole frames, not " + snaplen);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0",
        "PT0.000999S, 0.000999",
        "PT10.000000001S, 10.000000001",
        "PT-0.01S, -0.01",
        "PT2562047788015215H, 9223372036854774000",
        "PT-2562047788015215H, -9223372036854774000"
    })
    void shouldRefuseATimeoutOutOfBounds(Duration timeout, String seconds) {
        assertRefused(
                () -> config(1 << 20, 100, timeout, 1), "timeout", "must be from 1 ms to 10 s, not " + seconds + " s");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65, Integer.MAX_VALUE})
    void shouldRefuseANumberOfThreadsOutOfBounds(int threads) {
        assertRefused(
                () -> config(1 << 20, 100, Duration.ofMillis(10), threads),
                "threads",
                "must be from 1 to 64, not " + threads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "up link", "up\tlink", "uplink\n"})
    void shouldRefuseANameThatWouldNotBeAWordInALine(String name) {
        assertRefused(
                () -> config(name, LIVE, 1 << 20, 100, Duration.ofMillis(10), 1),
                "name",
                "must not be empty or hold white space");
    }

    @Test
    void shouldRefuseAnInterfaceOrFileWithoutAName() {
        assertRefused(() -> from(new CaptureOrigin.Live(" ")), "interface", "must not be empty");
        assertRefused(
                () -> from(new CaptureOrigin.File(Path.of(""), new FramePace.Max())), "file", "must not be empty");
    }

    @Test
    void shouldRefuseSeveralThreadsForAFile() {
        assertDoesNotThrow(() -> from(FILE));
        assertRefused(
                () -> config("uplink", FILE, 1 << 20, 100, Duration.ofMillis(10), 2),
                "threads",
                "must be 1 for a file: only an interface can be shared by a fanout group");
    }

    @Test
    void shouldTakeEveryPaceThatComesToAnEnd() {
        assertDoesNotThrow(() -> from(file(new FramePace.Original())));
        assertDoesNotThrow(() -> from(file(new FramePace.Rate(0.001))));
        assertDoesNotThrow(() -> from(file(new FramePace.Rate(1e9))));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldRefuseAPaceThatIsNone(double rate) {
        assertRefused(
                () -> from(file(new FramePace.Rate(rate))), "pace", "must be above 0 frames a second, not " + rate);
    }

    @Test
    void shouldRefuseASpinWhereNoFrameIsSeenBeforeTheKernelTells() {
        CaptureConfigBuilder low = CaptureConfig.live("ens192").toBuilder().mode(Mode.LOW_LATENCY);
        assertDoesNotThrow(() -> low.spin(CaptureConfig.MAX_SPIN).build());
        String refusal =
                "goes with mode = \"low-latency\" and engine = \"ffm\": elsewhere no frame is to be seen before the"
                        + " kernel tells of it";
        assertRefused(() -> low.engine(Engine.PCAP4J).build(), "spin", refusal);
        assertRefused(
                () -> CaptureConfig.live("ens192").toBuilder()
                        .spin(Duration.ofNanos(1))
                        .build(),
                "spin",
                refusal);
        low.engine(Engine.FFM);
        assertRefused(() -> low.spin(Duration.ofMillis(1_001)).build(), "spin", "must be from 0 to 1 s, not 1.001 s");
    }

    @Test
    void shouldRefuseToReadAFileBeforeAllOthers() {
        assertRefused(
                () -> CaptureConfig.builder("trace", FILE)
                        .priority(Priority.REALTIME)
                        .build(),
                "priority",
                "goes with an interface: a file waits for its reader");
    }

    @Test
    void shouldTellAllProblemsTogether() {
        var refusal = assertThrows(
                InvalidConfigException.class, () -> config("", file(new FramePace.Rate(0)), 1, 1, Duration.ZERO, 0));
        assertEquals(
                List.of("name", "threads", "pace", "buffer", "snaplen", "timeout", "threads"),
                refusal.problems().stream().map(Problem::key).toList());
    }

    @Test
    void shouldHaveADefaultForEverythingButTheInterface() {
        CaptureConfig config = CaptureConfig.live("ens192");
        assertEquals(
                new CaptureConfig(
                        "ens192",
                        new CaptureOrigin.Live("ens192"),
                        Mode.THROUGHPUT,
                        Engine.FFM,
                        64 << 20,
                        262_144,
                        Duration.ofMillis(10),
                        true,
                        Direction.IN,
                        "",
                        1,
                        Set.of(),
                        List.of(),
                        CaptureConfig.Priority.NORMAL,
                        Duration.ZERO,
                        350_000,
                        TunnelPorts.DEFAULT,
                        CaptureConfig.OwnFrames.IGNORE),
                config);
        assertEquals("ens192", config.origin().label());
        assertEquals("trace.pcap", FILE.label());
    }

    @Test
    void shouldDifferInNothingButItsFilterWhenItGetsAnother() {
        CaptureConfig other = CaptureConfig.live("ens192").withFilter("udp");
        assertEquals("udp", other.filter());
        assertEquals(CaptureConfig.live("ens192"), other.withFilter(""));
    }
}
