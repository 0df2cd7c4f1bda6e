package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long WITHIN = 50 * MILLISECOND;

    private final Duplicates duplicates = new Duplicates(Duration.ofNanos(WITHIN));

    private boolean isOne(byte[] bytes, long time) {
        return duplicates.isOne(Frame.of(bytes, bytes.length, time, "test"));
    }

    private static byte[] udp(long mac, int id, int payload, int... vlans) {
        FrameBytes frame = new FrameBytes(mac, mac + 1);
        for (int vlan : vlans) {
            frame.tag(0x8100, vlan);
        }
        return append(frame.type(FrameBytes.IPV4), packet(id, payload)).bytes();
    }

    private static byte[] packet(int id, int payload) {
        byte[] packet = new FrameBytes(0, 0)
                .ipv4(0x0a00_0001, 0x0a00_0002, FrameBytes.UDP, 0, 0, 8 + payload)
                .ports(1_000, 53)
                .u16(8 + payload)
                .u16(id)
                .fill(payload)
                .bytes();
        byte[] bare = new byte[packet.length - 12];
        System.arraycopy(packet, 12, bare, 0, bare.length);
        return bare;
    }

    private static FrameBytes append(FrameBytes frame, byte[] bytes) {
        for (byte each : bytes) {
            frame.u8(each);
        }
        return frame;
    }

    @Test
    void shouldKnowACopyWithinTheTimeAndNoLonger() {
        assertFalse(isOne(udp(1, 1, 100), 0));
        assertTrue(isOne(udp(1, 1, 100), 1));
        assertTrue(isOne(udp(1, 1, 100), WITHIN));
        assertFalse(isOne(udp(1, 1, 100), WITHIN + 1));
        assertTrue(isOne(udp(1, 1, 100), 2 * WITHIN + 1));
        assertTrue(isOne(udp(1, 1, 100), WITHIN)); // mirror ports are not in step
    }

    @Test
    void shouldTakeNothingForTheSameThatDiffersInAByte() {
        byte[] bytes = udp(1, 1, 101);
        assertFalse(isOne(bytes, 0));
        for (int at = 14; at < bytes.length; at++) {
            byte[] other = bytes.clone();
            other[at] ^= 0x10;
            assertFalse(isOne(other, 0), "byte " + at);
        }
        assertTrue(isOne(bytes, 0));
        assertFalse(isOne(FrameBytes.cut(bytes, 100), 0));
    }

    @Test
    void shouldTakeACopyForTheSameWhateverCarriesIt() {
        assertFalse(isOne(udp(1, 1, 10), 0));
        assertTrue(isOne(udp(7, 1, 10), 0), "other stations");
        assertTrue(isOne(udp(1, 1, 10, 5), 0), "tagged");
        assertTrue(
                isOne(
                        append(new FrameBytes(1, 2).type(FrameBytes.IPV4), packet(1, 10))
                                .padTo(60)
                                .bytes(),
                        0),
                "padded");
        FrameBytes gre = new FrameBytes(1, 2).type(FrameBytes.IPV4);
        byte[] inner = packet(1, 10);
        gre.ipv4(0xc000_0201, 0xc000_0202, 47, 0, 0, 4 + inner.length).u16(0).u16(FrameBytes.IPV4);
        assertTrue(isOne(append(gre, inner).bytes(), 0), "in a tunnel");
    }

    @Test
    void shouldTakeFramesWithoutNetworkHeaderForTheSameIfAllBytesAre() {
        byte[] lldp = new FrameBytes(1, 2).type(0x88cc).fill(46).bytes();
        assertFalse(isOne(lldp, 0));
        assertTrue(isOne(lldp, 0));
        assertFalse(isOne(new FrameBytes(3, 2).type(0x88cc).fill(46).bytes(), 0));
        assertFalse(isOne(new byte[0], 0));
        assertTrue(isOne(new byte[0], 0));
    }

    /** Of a bucket's frames the oldest is forgotten: a copy of one that came long before passes, and none is taken for a copy. */
    @Test
    void shouldForgetTheOldestWhenItsMemoryIsFull() {
        byte[] bytes = udp(1, 0, 4);
        int taken = 0;
        for (int n = 0; n < 2 * Duplicates.FRAMES; n++) {
            bytes[bytes.length - 1] = (byte) n;
            bytes[bytes.length - 2] = (byte) (n >> 8);
            bytes[bytes.length - 3] = (byte) (n >> 16);
            taken += isOne(bytes, n) ? 1 : 0;
        }
        assertEquals(0, taken);
        assertTrue(isOne(bytes, 2 * Duplicates.FRAMES));
    }
}
