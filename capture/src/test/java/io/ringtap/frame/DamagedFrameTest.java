package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.MPLS;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.Encapsulation.End;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No length in a frame may be believed: every read here would throw outside of the frame. */
class DamagedFrameTest {
    private static final int FRAGMENT = 44;

    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    @Test
    void shouldNotReadOutsideAnyBeginningOfAnyFrame() {
        for (byte[] frame : frames()) {
            for (int length = 0; length <= Math.min(frame.length, 200); length++) {
                GuardedFrame cut = new GuardedFrame(FrameBytes.cut(frame, length));
                assertEquals(FlowHash.of(cut), FlowHash.of(cut));
                assertEquals(Math.max(0, cut.headers().etherType()), cut.etherType());
                assertEquals(walked(cut, 0, false), walked(cut, 0, true));
            }
        }
    }

    @Test
    void shouldNotReadOutsideAnyDamagedFrame() {
        Random random = new Random(20_231_114);
        List<byte[]> frames = frames();
        for (int n = 0; n < 200_000; n++) {
            byte[] frame = frames.get(random.nextInt(frames.size()));
            byte[] damaged = FrameBytes.cut(frame, random.nextInt(Math.min(frame.length, 160) + 1));
            for (int i = 0; i < 3 && damaged.length > 12; i++) {
                damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt();
            }
            GuardedFrame guarded = new GuardedFrame(damaged);
            FlowHash.of(guarded);
            assertEquals(walked(guarded, 0, false), walked(guarded, 0, true));
            int inside = Math.max(0, guarded.headers().innermost().linkOffset());
            assertEquals(walked(guarded, inside, false), walked(guarded, inside, true));
            assertEquals(Math.max(0, guarded.headers().etherType()), guarded.etherType());
            if (n % 10 == 0) {
                dissect(guarded);
            }
        }
    }

    /** All that is found of a level that begins at an offset, by the way for frames as most are, or by the one for all. */
    private static List<Object> walked(Frame frame, int at, boolean forAll) {
        HeaderPlaces places = new HeaderPlaces(frame.headers(), frame, TunnelPorts.DEFAULT);
        places.begin(frame.length(), Math.max(frame.length(), frame.originalLength()));
        if (forAll) {
            HeaderWalk.anyEthernet(places, at);
        } else {
            HeaderWalk.ethernet(places, at);
        }
        List<Object> all = new ArrayList<>(List.of(places.mayCarry() || !TunnelWalk.enter(places)));
        for (Field field : HeaderPlaces.class.getDeclaredFields()) {
            if (!Modifier.isFinal(field.getModifiers())) {
                all.add(assertDoesNotThrow(() -> field.get(places)));
            }
        }
        assertEquals(true, all.getFirst(), "what may carry nothing carries nothing");
        return all;
    }

    private static void dissect(Frame frame) {
        try {
            assertNotNull(frame.packet());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith("not an Ethernet frame: "), e::toString);
        }
    }

    @Test
    void shouldNotReadOutsideRandomBytesBehindTheTypesThatItParses() {
        Random random = new Random(42);
        int[] types = {IPV4, IPV6, MPLS, 0x8848, 0x8100, 0x88a8};
        for (int n = 0; n < 200_000; n++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length >= 15) {
                int type = types[random.nextInt(types.length)];
                bytes[12] = (byte) (type >>> 8);
                bytes[13] = (byte) type;
                int version = random.nextBoolean() ? 0x40 : 0x60;
                bytes[14] = (byte) (version | (bytes[14] & 0xf));
            }
            FlowHash.of(new GuardedFrame(bytes));
        }
    }

    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>(SampleFrames.all());
        for (Encapsulation encapsulation : Encapsulation.values()) {
            frames.add(encapsulation.frame(A, B, TCP));
        }
        Stream.of(1, 185 << 3)
                .map(offset -> new FrameBytes(1, 2)
                        .type(IPV6)
                        .ipv6(1, 2, FRAGMENT, 16)
                        .u8(UDP)
                        .u8(0)
                        .u16(offset)
                        .u32(9)
                        .fill(8)
                        .bytes())
                .forEach(frames::add);
        return frames;
    }
}
