package io.ringtap.inject.mark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import io.ringtap.inject.mark.MarkReader.Result;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that carry ringtap's mark, or seem to: a frame on the heap fails at every read outside of it. */
class MarkFuzzTest {
    private static final MarkReader USED = new MarkReader();
    private static final int CUT_BYTES = 1_000;

    @MethodSource("frames")
    @FuzzTest(maxDuration = "1m")
    void shouldSayTheSameOfAFrameHoweverItIsRead(byte[] bytes) {
        Frame frame = Frame.of(bytes, bytes.length, 0, "test");
        MarkReader fresh = new MarkReader();
        Result result = fresh.read(frame);
        assertEquals(result, USED.read(frame), "what was read before changes it");
        assertTrue(result != Result.CUT, "cut, though nothing was");
        if (result != Result.NONE) {
            assertEquals(fresh.stream(), USED.stream());
            assertEquals(fresh.sequence(), USED.sequence());
            assertEquals(fresh.timeNanos(), USED.timeNanos());
        }
        Result longer = fresh.read(Frame.of(bytes, bytes.length + CUT_BYTES, 0, "test"));
        boolean agrees = longer == result || (result == Result.DAMAGED && longer == Result.CUT);
        assertTrue(agrees, () -> result + ", and " + longer + " as the beginning of a longer frame");
    }

    static Stream<byte[]> frames() {
        byte[] first = new FrameBytes(1, 2)
                .type(Mark.ETHERTYPE)
                .u32(Mark.MAGIC)
                .u8(Mark.VERSION)
                .u8(Mark.CHECKED)
                .u16(40)
                .fill(32)
                .bytes();
        byte[] udp = new FrameBytes(1, 2)
                .tag(0x8100, 5)
                .type(FrameBytes.IPV4)
                .ipv4(1, 2, FrameBytes.UDP, 0, 0, 40)
                .ports(3, 4)
                .u16(40)
                .u16(0)
                .u32(Mark.MAGIC)
                .u8(Mark.VERSION)
                .u8(0)
                .u16(32)
                .fill(24)
                .bytes();
        return Stream.of(first, udp, new byte[60]);
    }
}
