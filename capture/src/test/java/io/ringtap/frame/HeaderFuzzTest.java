package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.Encapsulation.End;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames as an attacker would send them: {@link GuardedFrame} fails at every read outside of one. */
class HeaderFuzzTest {
    private static final int MAC_BYTES = 6;
    private static final int LONGEST_SEED = 200;
    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    @MethodSource("frames")
    @FuzzTest(maxDuration = "1m")
    void shouldTakeBothDirectionsAlikeAndStayInsideTheFrame(byte[] bytes) {
        Frame frame = new GuardedFrame(bytes);
        long headers = FlowHeaders.find(frame);
        checkOffsets(frame, headers);
        Frame back = new GuardedFrame(exchanged(bytes, headers));
        assertEquals(headers, FlowHeaders.find(back), "the way back has other headers");
        assertEquals(FlowHash.of(frame), FlowHash.of(back), "the way back has another hash");
        int type = frame.etherType();
        assertTrue(type == Frame.ETHERTYPE_LENGTH || (type >= 0x600 && type <= 0xffff), () -> "EtherType " + type);
        for (int tag = 0; tag < 3; tag++) {
            int vlan = FlowHeaders.vlan(frame, tag);
            assertTrue(vlan >= 0 && vlan < 4096, () -> "VLAN " + vlan);
        }
        dissect(frame);
    }

    private static void checkOffsets(Frame frame, long headers) {
        int kind = FlowHeaders.kind(headers);
        int ip = FlowHeaders.ipOffset(headers);
        int ports = FlowHeaders.portsOffset(headers);
        int ipBytes = switch (kind) {
            case FlowHeaders.IPV4 -> 20;
            case FlowHeaders.IPV6 -> 40;
            default -> 0;
        };
        assertEquals(frame.length() >= 2 * MAC_BYTES, kind != FlowHeaders.NONE);
        assertTrue(ipBytes == 0 || (ip >= 14 && ip + ipBytes <= frame.length()), () -> "IP header at " + ip);
        assertTrue(ports == 0 || (ports >= ip + ipBytes && ports + 4 <= frame.length()), () -> "ports at " + ports);
    }

    /** The same frame on its way back: both pairs of addresses and the ports change places. */
    private static byte[] exchanged(byte[] bytes, long headers) {
        byte[] back = bytes.clone();
        if (bytes.length >= 2 * MAC_BYTES) {
            exchange(back, 0, MAC_BYTES);
        }
        switch (FlowHeaders.kind(headers)) {
            case FlowHeaders.IPV4 -> exchange(back, FlowHeaders.ipOffset(headers) + 12, 4);
            case FlowHeaders.IPV6 -> exchange(back, FlowHeaders.ipOffset(headers) + 8, 16);
            default -> {}
        }
        int ports = FlowHeaders.portsOffset(headers);
        if (ports > 0) {
            exchange(back, ports, 2);
        }
        return back;
    }

    private static void exchange(byte[] bytes, int at, int length) {
        byte[] first = Arrays.copyOfRange(bytes, at, at + length);
        System.arraycopy(bytes, at + length, bytes, at, length);
        System.arraycopy(first, 0, bytes, at + length, length);
    }

    private static void dissect(Frame frame) {
        try {
            assertNotNull(frame.packet());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().matches("(?s)(not an Ethernet frame|cannot be dissected): .*"), e::toString);
        }
    }

    static Stream<byte[]> frames() {
        Stream<byte[]> encapsulated =
                Stream.of(Encapsulation.values()).map(encapsulation -> encapsulation.frame(A, B, 6));
        return Stream.concat(encapsulated, SampleFrames.all().stream().filter(frame -> frame.length < LONGEST_SEED));
    }
}
