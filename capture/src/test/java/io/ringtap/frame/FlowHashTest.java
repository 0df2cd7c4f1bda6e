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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.SampleFrames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowHashTest {
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    /** One end of a conversation. */
    private record End(long mac, int ip, int port) {}

    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    /** What comes before the IP header, or in its place. */
    private enum Wrapping {
        PLAIN_IPV4 {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv4(frame.type(IPV4), from, to, protocol, 0);
            }
        },
        IPV4_WITH_OPTIONS {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv4(frame.type(IPV4), from, to, protocol, 10);
            }
        },
        PLAIN_IPV6 {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv6(frame.type(IPV6), from, to, protocol);
            }
        },
        VLAN {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv4(frame.tag(0x8100, 100).type(IPV4), from, to, protocol, 0);
            }
        },
        QINQ {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv6(frame.tag(0x88a8, 100).tag(0x8100, 101).type(IPV6), from, to, protocol);
            }
        },
        FOUR_TAGS {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                frame.tag(0x88a8, 1).tag(0x9100, 2).tag(0x9200, 3).tag(0x8100, 4);
                ipv4(frame.type(IPV4), from, to, protocol, 0);
            }
        },
        MPLS_IPV4 {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                frame.type(MPLS).label(16, false).label(17, false).label(18, true);
                ipv4(frame, from, to, protocol, 0);
            }
        },
        MPLS_IPV6 {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                ipv6(frame.type(0x8848).label(16, true), from, to, protocol);
            }
        },
        IPV6_EXTENSIONS {
            @Override
            void build(FrameBytes frame, End from, End to, int protocol) {
                frame.type(IPV6).ipv6(from.ip, to.ip, HOP_BY_HOP, 52);
                frame.u8(ROUTING).u8(0).fill(6);
                frame.u8(DESTINATION_OPTIONS).u8(2).fill(22);
                frame.u8(protocol).u8(0).fill(6);
                frame.ports(from.port, to.port).fill(8);
            }
        };

        abstract void build(FrameBytes frame, End from, End to, int protocol);

        private static void ipv4(FrameBytes frame, End from, End to, int protocol, int optionWords) {
            frame.ipv4(from.ip, to.ip, protocol, 0x4000, optionWords, 12)
                    .ports(from.port, to.port)
                    .fill(8);
        }

        private static void ipv6(FrameBytes frame, End from, End to, int protocol) {
            frame.ipv6(from.ip, to.ip, protocol, 12).ports(from.port, to.port).fill(8);
        }

        int hash(End from, End to, int protocol) {
            FrameBytes frame = new FrameBytes(to.mac, from.mac);
            build(frame, from, to, protocol);
            return FlowHashTest.hash(frame);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTheSameInBothDirections(Wrapping wrapping) {
        for (int protocol : new int[] {TCP, UDP, SCTP, UDP_LITE, ICMP, 255}) {
            assertEquals(wrapping.hash(A, B, protocol), wrapping.hash(B, A, protocol));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellPortsAndAddressesAndProtocolsApart(Wrapping wrapping) {
        End otherPort = new End(A.mac, A.ip, A.port + 1);
        End otherAddress = new End(A.mac, A.ip + 1, A.port);
        for (int protocol : new int[] {TCP, UDP, SCTP, UDP_LITE}) {
            int hash = wrapping.hash(A, B, protocol);
            assertNotEquals(hash, wrapping.hash(otherPort, B, protocol));
            assertNotEquals(hash, wrapping.hash(otherAddress, B, protocol));
            assertNotEquals(hash, wrapping.hash(A, B, protocol + 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotTakeForPortsWhatIsNone(Wrapping wrapping) {
        End otherPort = new End(A.mac, A.ip, A.port + 1);
        assertEquals(wrapping.hash(A, B, ICMP), wrapping.hash(otherPort, B, ICMP));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotDependOnMacAddressesWhereThereIsIp(Wrapping wrapping) {
        End behindOtherRouter = new End(A.mac + 99, A.ip, A.port);
        assertEquals(wrapping.hash(A, B, TCP), wrapping.hash(behindOtherRouter, B, TCP));
    }

    @Test
    void shouldNotDependOnTagsOrLabelsOrTheirPriorities() {
        assertEquals(Wrapping.PLAIN_IPV4.hash(A, B, TCP), Wrapping.VLAN.hash(A, B, TCP));
        assertEquals(Wrapping.PLAIN_IPV4.hash(A, B, TCP), Wrapping.FOUR_TAGS.hash(A, B, TCP));
        assertEquals(Wrapping.PLAIN_IPV4.hash(A, B, TCP), Wrapping.MPLS_IPV4.hash(A, B, TCP));
        assertEquals(Wrapping.PLAIN_IPV6.hash(A, B, TCP), Wrapping.QINQ.hash(A, B, TCP));
        assertEquals(Wrapping.PLAIN_IPV6.hash(A, B, TCP), Wrapping.MPLS_IPV6.hash(A, B, TCP));
        assertEquals(Wrapping.PLAIN_IPV6.hash(A, B, TCP), Wrapping.IPV6_EXTENSIONS.hash(A, B, TCP));
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
        int arp = hash(new FrameBytes(A.mac, B.mac).type(FrameBytes.ARP).fill(46));
        assertEquals(arp, hash(new FrameBytes(B.mac, A.mac).type(FrameBytes.ARP).fill(46)));
        assertEquals(arp, hash(new FrameBytes(B.mac, A.mac).type(39).fill(46)));
        assertNotEquals(
                arp, hash(new FrameBytes(B.mac + 1, A.mac).type(FrameBytes.ARP).fill(46)));
        assertEquals(arp, hash(new FrameBytes(A.mac, B.mac).type(IPV4).fill(46)), "not version 4");
        assertEquals(
                arp, hash(new FrameBytes(A.mac, B.mac).type(MPLS).label(1, true).fill(46)), "no IP in it");
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

    @Test
    void shouldNotReadOutsideAnyBeginningOfAnyFrame() {
        for (byte[] frame : frames()) {
            for (int length = 0; length <= Math.min(frame.length, 200); length++) {
                GuardedFrame cut = new GuardedFrame(FrameBytes.cut(frame, length));
                assertEquals(FlowHash.of(cut), FlowHash.of(cut));
                assertTrue(cut.etherType() == 0 || cut.etherType() >= 0x600);
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
            guarded.etherType();
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
                bytes[14] = (byte) ((random.nextBoolean() ? 0x40 : 0x60) | bytes[14] & 0xf);
            }
            FlowHash.of(new GuardedFrame(bytes));
        }
    }

    @Test
    void shouldSpreadFlowsThatDifferInThePortAlone() {
        assertSpread(n -> Wrapping.PLAIN_IPV4.hash(new End(A.mac, A.ip, 10_000 + n), B, TCP));
        assertSpread(n -> Wrapping.PLAIN_IPV6.hash(new End(A.mac, A.ip, 10_000 + n), B, UDP));
    }

    @Test
    void shouldSpreadFlowsThatDifferInTheAddressAlone() {
        assertSpread(n -> Wrapping.PLAIN_IPV4.hash(new End(A.mac, A.ip + n, A.port), B, TCP));
        assertSpread(n -> Wrapping.PLAIN_IPV4.hash(new End(A.mac, A.ip + (n << 8), A.port), B, ICMP));
        assertSpread(n -> Wrapping.PLAIN_IPV6.hash(new End(A.mac, A.ip + n, A.port), B, TCP));
        assertSpread(n -> hash(new FrameBytes(A.mac + n, B.mac).type(FrameBytes.ARP)));
    }

    @Test
    void shouldSpreadFlowsWhoseEndsGrowTogether() {
        assertSpread(n -> Wrapping.PLAIN_IPV4.hash(
                new End(A.mac, A.ip + n, 1_024 + n), new End(B.mac, B.ip + n, 1_024 + n), UDP));
    }

    /**
     * Over four threads and over three, by the low bits and by the high ones: 10,000 flows, of which a fair hash sends
     * each thread 2,500 with a standard deviation of 43. Chi-squared with 3 degrees of freedom is above 16.3 once in a
     * thousand.
     */
    private static void assertSpread(IntUnaryOperator hashOfFlow) {
        int flows = 10_000;
        assertFair(flows, 4, n -> hashOfFlow.applyAsInt(n) & 3);
        assertFair(flows, 4, n -> hashOfFlow.applyAsInt(n) >>> 30);
        assertFair(flows, 3, n -> Integer.remainderUnsigned(hashOfFlow.applyAsInt(n), 3));
    }

    private static void assertFair(int flows, int threads, IntUnaryOperator threadOfFlow) {
        int[] counts = new int[threads];
        for (int n = 0; n < flows; n++) {
            counts[threadOfFlow.applyAsInt(n)]++;
        }
        double fair = (double) flows / threads;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - fair) * (count - fair) / fair;
        }
        assertTrue(chiSquared < 16.3, java.util.Arrays.toString(counts));
    }

    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>(SampleFrames.all());
        for (Wrapping wrapping : Wrapping.values()) {
            FrameBytes frame = new FrameBytes(A.mac, B.mac);
            wrapping.build(frame, A, B, TCP);
            frames.add(frame.bytes());
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

    private static int hash(FrameBytes frame) {
        return hash(frame.bytes());
    }

    private static int hash(byte[] frame) {
        return FlowHash.of(new GuardedFrame(frame));
    }
}
