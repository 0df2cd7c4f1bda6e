package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.SampleFrames;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.UdpPort;

class FrameTest {
    private final Frame frame = frame(new FrameBytes(0xfedc_ba98_7654L, 0x8081_8283_8485L)
            .type(0x88b5)
            .u64(0x8899_aabb_ccdd_eeffL)
            .bytes());

    @Test
    void shouldReadNumbersInNetworkOrderAndUnsigned() {
        assertEquals((byte) 0xfe, frame.byteAt(0));
        assertEquals(0xfe, frame.unsignedByteAt(0));
        assertEquals(0xfedc, frame.unsignedShortAt(0));
        assertEquals(0xfedc_ba98, frame.intAt(0));
        assertEquals(0x8899_aabb_ccdd_eeffL, frame.longAt(14));
        assertEquals(0x8485_88b5_8899_aabbL, frame.longAt(10));
    }

    @Test
    void shouldRefuseToReadOutsideItself() {
        assertEquals(22, frame.length());
        for (int offset : new int[] {-1, 22, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> frame.byteAt(offset));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> frame.unsignedShortAt(21));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.intAt(19));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.longAt(15));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyTo(15, new byte[8], 0, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyTo(0, new byte[8], 1, 8));
    }

    @Test
    void shouldCopyAPart() {
        byte[] target = new byte[4];
        frame.copyTo(12, target, 1, 2);
        assertArrayEquals(new byte[] {0, (byte) 0x88, (byte) 0xb5, 0}, target);
    }

    @Test
    void shouldCopyAPartIntoABuffer() {
        ByteBuffer target = ByteBuffer.allocate(4);
        frame.copyTo(12, target, 1, 2);
        assertArrayEquals(new byte[] {0, (byte) 0x88, (byte) 0xb5, 0}, target.array());
        Frame guarded = new GuardedFrame(frame.toByteArray());
        guarded.copyTo(12, target, 0, 2);
        assertArrayEquals(new byte[] {(byte) 0x88, (byte) 0xb5, (byte) 0xb5, 0}, target.array());
        assertEquals(0, target.position());
    }

    @Test
    void shouldCopyABorrowedFrameWithAllThatItSays() {
        byte[] bytes = SampleFrames.arp();
        Frame borrowed = new GuardedFrame(bytes);
        Frame copy = borrowed.copy();
        bytes[0] = 99;
        assertNotSame(borrowed, copy);
        assertArrayEquals(SampleFrames.arp(), copy.toByteArray());
        assertEquals(60, copy.originalLength());
        assertEquals("test", copy.captureName());
        Frame stamped = Frame.of(SampleFrames.arp(), 9_018, 17, "uplink").copy();
        assertEquals(9_018, stamped.originalLength());
        assertEquals(17, stamped.timestampNanos());
        assertEquals("uplink", stamped.captureName());
    }

    @Test
    void shouldNotLendItsOwnBytes() {
        frame.toByteArray()[0] = 0;
        assertEquals((byte) 0xfe, frame.byteAt(0));
    }

    @Test
    void shouldGiveTheTypeBehindTheTags() {
        List<Integer> types = SampleFrames.all().stream()
                .map(bytes -> frame(bytes).etherType())
                .toList();
        assertEquals(
                List.of(0x88b5, 0x0806, 0x0800, 0x86dd, 0x0800, 0x0800, 0x0800, 0x0800, 0x8847, 0, 0x0800, 0x0800),
                types);
    }

    @Test
    void shouldLookBehindAnyNumberOfTags() {
        FrameBytes tagged = new FrameBytes(1, 2);
        for (int tag = 1; tag <= 300; tag++) {
            tagged.tag(tag % 2 == 0 ? 0x88a8 : 0x8100, tag);
        }
        Frame frame = frame(tagged.type(0x0800).bytes());
        assertEquals(0x0800, frame.etherType());
        assertEquals(300, frame.headers().vlanTags());
        assertEquals(300, frame.headers().vlan(299));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 46, 1500, 0x05ff})
    void shouldTakeAFieldBelow0x0600ForALength(int length) {
        assertEquals(
                Frame.ETHERTYPE_LENGTH,
                frame(new FrameBytes(1, 2).type(length).bytes()).etherType());
        assertEquals(
                Frame.ETHERTYPE_LENGTH,
                frame(new FrameBytes(1, 2).tag(0x8100, 1).type(length).bytes()).etherType());
    }

    @Test
    void shouldTake0x0600AndAboveForAType() {
        assertEquals(0x0600, frame(new FrameBytes(1, 2).type(0x0600).bytes()).etherType());
        assertEquals(0xffff, frame(new FrameBytes(1, 2).type(0xffff).bytes()).etherType());
    }

    @Test
    void shouldHaveNoTypeWhenCutBeforeIt() {
        byte[] qinq = SampleFrames.qinq();
        for (int length = 0; length < 22; length++) {
            assertEquals(
                    Frame.ETHERTYPE_LENGTH, frame(FrameBytes.cut(qinq, length)).etherType());
        }
        assertEquals(0x0800, frame(FrameBytes.cut(qinq, 22)).etherType());
    }

    @Test
    void shouldBeDissectedByPcap4j() {
        EthernetPacket udp = frame(SampleFrames.ipv4Udp()).packet();
        assertEquals("02:00:00:00:00:0a", udp.getHeader().getDstAddr().toString());
        assertEquals(
                "/10.0.0.1", udp.get(IpV4Packet.class).getHeader().getSrcAddr().toString());
        assertEquals(
                UdpPort.getInstance((short) 5_000),
                udp.get(UdpPacket.class).getHeader().getDstPort());
        assertNotNull(frame(SampleFrames.arp()).packet().get(ArpPacket.class));
        assertEquals(
                100,
                frame(SampleFrames.vlan())
                        .packet()
                        .get(Dot1qVlanTagPacket.class)
                        .getHeader()
                        .getVidAsInt());
        assertArrayEquals(
                SampleFrames.jumbo(), frame(SampleFrames.jumbo()).packet().getRawData());
    }

    @Test
    void shouldBeDissectedAtAnyLengthFromTheHeaderOn() {
        for (byte[] bytes : SampleFrames.all()) {
            boolean llc = frame(bytes).etherType() == Frame.ETHERTYPE_LENGTH;
            for (int length = llc ? 53 : 14; length <= Math.min(bytes.length, 200); length++) {
                byte[] cut = FrameBytes.cut(bytes, length);
                assertArrayEquals(cut, frame(cut).packet().getRawData());
            }
        }
        assertInstanceOf(
                UnknownPacket.class,
                frame(new FrameBytes(1, 2).type(0x88b5).fill(46).bytes())
                        .packet()
                        .getPayload());
    }

    @Test
    void shouldSayThatAnIeeeFrameCutBeforeItsLengthIsNoFrame() {
        for (int length = 14; length < 53; length++) {
            Frame cut = frame(FrameBytes.cut(SampleFrames.llc(), length));
            assertThrows(IllegalArgumentException.class, cut::packet);
        }
    }

    @Test
    void shouldSayThatFewerThan14BytesAreNoFrame() {
        for (int length = 0; length < 14; length++) {
            Frame cut = frame(FrameBytes.cut(SampleFrames.arp(), length));
            assertThrows(IllegalArgumentException.class, cut::packet);
        }
    }

    private static Frame frame(byte[] bytes) {
        return Frame.of(bytes, bytes.length, 0, "test");
    }
}
