package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capture.CaptureConfig.Mode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingArithmeticTest {
    /** The figures that native-notes has measured, and what the kernel limits in steps of one byte. */
    @ParameterizedTest
    @CsvSource({
        "LOW_LATENCY, 5000000, 250000, 1500, true, 77, 10092544",
        "LOW_LATENCY, 5000000, 250000, 1500, false, 3124, 6397952",
        "LOW_LATENCY, 2097152, 262144, 1500, true, 32, 4194304",
        "LOW_LATENCY, 67108864, 2048, 1500, true, 31537, 129175552",
        "LOW_LATENCY, 67108864, 1972, 1500, true, 32768, 67108864",
        "LOW_LATENCY, 67108864, 1980, 1500, true, 32768, 67108864",
        "LOW_LATENCY, 67108864, 1981, 1500, true, 32514, 133177344",
        "LOW_LATENCY, 67108864, 65535, 1500, false, 41944, 85901312",
        "LOW_LATENCY, 1048576, 65535, 9000, false, 116, 1900544",
        "THROUGHPUT, 67108864, 65535, 1500, true, 232960, 67108864",
        "THROUGHPUT, 5000000, 65535, 1500, true, 18200, 5242880",
        "THROUGHPUT, 65536, 65535, 1500, true, 910, 262144"
    })
    void shouldReckonAsLibpcapDoes(
            Mode mode, long buffer, int snaplen, int mtu, boolean offloads, long frames, long ringBytes) {
        LinkLimits link = new LinkLimits(mtu, offloads, true);
        RingArithmetic ring = RingArithmetic.requested(mode, buffer, snaplen, link);
        assertEquals(frames, ring.frames(200));
        assertEquals(ringBytes, ring.ringBytes());
        assertEquals(ring, RingArithmetic.granted(mode, ring.slotBytes(), ringBytes));
    }

    @ParameterizedTest
    @CsvSource({"60, 441344", "66, 441344", "67, 419328", "1514, 41728", "262010, 256"})
    void shouldPackBlocksByTheLengthOfTheFrames(int captured, long frames) {
        assertEquals(
                frames,
                RingArithmetic.requested(Mode.THROUGHPUT, 64L << 20, 262_144, LinkLimits.ASSUMED)
                        .frames(captured));
    }
}
