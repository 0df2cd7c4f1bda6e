package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.ICMP;
import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.MORE_FRAGMENTS;
import static io.ringtap.capturefile.FrameBytes.MPLS;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Encapsulation.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowHashTest {
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int FRAGMENT = 44;

    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    @ParameterizedTest
    @EnumSource
    void shouldBeTheSameInBothDirections(Encapsulation encapsulation) {
        for (int protocol : new int[] {TCP, UDP, SCTP, UDP_LITE, ICMP, 255}) {
            assertEquals(encapsulation.hash(A, B, protocol), encapsulation.hash(B, A, protocol));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellPortsAndAddressesAndProtocolsApart(Encapsulation encapsulation) {
        End otherPort = new End(A.mac(), A.ip(), A.port() + 1);
        End otherAddress = new End(A.mac(), A.ip() + 1, A.port());
        for (int protocol : new int[] {TCP, UDP, SCTP, UDP_LITE}) {
            int hash = encapsulation.hash(A, B, protocol);
            assertNotEquals(hash, encapsulation.hash(otherPort, B, protocol));
            assertNotEquals(hash, encapsulation.hash(otherAddress, B, protocol));
            assertNotEquals(hash, encapsulation.hash(A, B, protocol + 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotTakeForPortsWhatIsNone(Encapsulation encapsulation) {
        End otherPort = new End(A.mac(), A.ip(), A.port() + 1);
        assertEquals(encapsulation.hash(A, B, ICMP), encapsulation.hash(otherPort, B, ICMP));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotDependOnMacAddressesWhereThereIsIp(Encapsulation encapsulation) {
        End behindOtherRouter = new End(A.mac() + 99, A.ip(), A.port());
        assertEquals(encapsulation.hash(A, B, TCP), encapsulation.hash(behindOtherRouter, B, TCP));
    }

    @Test
    void shouldNotDependOnTagsOrLabelsOrTheirPriorities() {
        assertEquals(Encapsulation.PLAIN_IPV4.hash(A, B, TCP), Encapsulation.VLAN.hash(A, B, TCP));
        assertEquals(Encapsulation.PLAIN_IPV4.hash(A, B, TCP), Encapsulation.FOUR_TAGS.hash(A, B, TCP));
        assertEquals(Encapsulation.PLAIN_IPV4.hash(A, B, TCP), Encapsulation.MPLS_IPV4.hash(A, B, TCP));
        assertEquals(Encapsulation.PLAIN_IPV6.hash(A, B, TCP), Encapsulation.QINQ.hash(A, B, TCP));
        assertEquals(Encapsulation.PLAIN_IPV6.hash(A, B, TCP), Encapsulation.MPLS_IPV6.hash(A, B, TCP));
        assertEquals(Encapsulation.PLAIN_IPV6.hash(A, B, TCP), Encapsulation.IPV6_EXTENSIONS.hash(A, B, TCP));
        assertEquals(vlan(0x0064), vlan(0xe064));
        assertEquals(vlan(0x0064), vlan(0x1064));
    }

    private static int vlan(int control) {
        return hash(new FrameBytes(1, 2)
                .tag(0x8100, control)
                .type(IPV4)
                .ipv4(1, 2, TCP, 0, 0, 4)
                .ports(3, 4));
    }

    @Test
    void shouldSendAllFragmentsOfAnIpv4DatagramTheSameWay() {
        int first = ipv4Fragment(1, 2, MORE_FRAGMENTS, 4_000, 443);
        assertEquals(first, ipv4Fragment(1, 2, MORE_FRAGMENTS | 185, 0x1234, 0x5678));
        assertEquals(first, ipv4Fragment(1, 2, 370, 0x9abc, 0xdef0));
        assertEquals(first, ipv4Fragment(2, 1, MORE_FRAGMENTS, 443, 4_000), "the answer's fragments too");
        assertNotEquals(first, ipv4Fragment(1, 3, MORE_FRAGMENTS, 4_000, 443));
    }

    private static int ipv4Fragment(int source, int destination, int flagsAndOffset, int portA, int portB) {
        return hash(new FrameBytes(1, 2)
                .type(IPV4)
                .ipv4(source, destination, UDP, flagsAndOffset, 0, 8)
                .ports(portA, portB)
                .fill(4));
    }

    @Test
    void shouldSendAllFragmentsOfAnIpv6DatagramTheSameWay() {
        int first = ipv6Fragment(1, 2, UDP, 1, 4_000);
        assertEquals(first, ipv6Fragment(1, 2, UDP, 185 << 3 | 1, 0x1234));
        assertEquals(first, ipv6Fragment(1, 2, UDP, 370 << 3, 0x9abc));
        assertEquals(first, ipv6Fragment(2, 1, UDP, 1, 443));
        assertNotEquals(first, ipv6Fragment(1, 3, UDP, 1, 4_000));
    }

    @Test
    void shouldHashAnIpv6DatagramThatIsItsOnlyFragmentLikeAWholeOne() {
        int whole = hash(new FrameBytes(1, 2)
                .type(IPV6)
                .ipv6(1, 2, UDP, 8)
                .ports(4_000, 443)
                .fill(4));
        assertEquals(whole, ipv6Fragment(1, 2, UDP, 0, 4_000));
    }

    private static int ipv6Fragment(long source, long destination, int protocol, int offsetAndMore, int port) {
        return hash(new FrameBytes(1, 2)
                .type(IPV6)
                .ipv6(source, destination, FRAGMENT, 16)
                .u8(protocol)
                .u8(0)
                .u16(offsetAndMore)
                .u32(0x0102_0304)
                .ports(port, 443)
                .fill(4));
    }

    @Test
    void shouldHashFramesWithoutIpByTheirPairOfAddresses() {
        int arp = hash(new FrameBytes(A.mac(), B.mac()).type(FrameBytes.ARP).fill(46));
        assertEquals(
                arp, hash(new FrameBytes(B.mac(), A.mac()).type(FrameBytes.ARP).fill(46)));
        assertEquals(arp, hash(new FrameBytes(B.mac(), A.mac()).type(39).fill(46)));
        assertNotEquals(
                arp,
                hash(new FrameBytes(B.mac() + 1, A.mac()).type(FrameBytes.ARP).fill(46)));
        assertEquals(arp, hash(new FrameBytes(A.mac(), B.mac()).type(IPV4).fill(46)), "not version 4");
        assertEquals(
                arp,
                hash(new FrameBytes(A.mac(), B.mac()).type(MPLS).label(1, true).fill(46)),
                "no IP in it");
    }

    @Test
    void shouldKeepAFlowTogetherWhereTheSnaplenCutItsHeaders() {
        byte[] there = new FrameBytes(1, 2)
                .type(IPV4)
                .ipv4(1, 2, TCP, 0, 0, 4)
                .ports(3, 4)
                .bytes();
        byte[] back = new FrameBytes(2, 1)
                .type(IPV4)
                .ipv4(2, 1, TCP, 0, 0, 4)
                .ports(4, 3)
                .bytes();
        for (int length = 12; length <= there.length; length++) {
            assertEquals(hash(FrameBytes.cut(there, length)), hash(FrameBytes.cut(back, length)), length + " bytes");
        }
    }

    private static int hash(FrameBytes frame) {
        return hash(frame.bytes());
    }

    private static int hash(byte[] frame) {
        return FlowHash.of(new GuardedFrame(frame));
    }
}
