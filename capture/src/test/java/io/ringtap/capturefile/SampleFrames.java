package io.ringtap.capturefile;

import static io.ringtap.capturefile.FrameBytes.ARP;
import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.MPLS;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;

import java.util.List;

/** One frame of every kind that captures meet. */
public final class SampleFrames {
    private static final long A = 0x02_00_00_00_00_0aL;
    private static final long B = 0x02_00_00_00_00_0bL;
    private static final int FROM = 0x0a00_0001;
    private static final int TO = 0x0a00_0002;

    private SampleFrames() {}

    private static FrameBytes frame() {
        return new FrameBytes(A, B);
    }

    /** Just the Ethernet header. */
    public static byte[] headerOnly() {
        return frame().type(0x88b5).bytes();
    }

    public static byte[] arp() {
        return frame().type(ARP).u16(1).u16(IPV4).u8(6).u8(4).u16(1).padTo(60).bytes();
    }

    public static byte[] ipv4Udp() {
        return frame().type(IPV4)
                .ipv4(FROM, TO, UDP, 0, 0, 108)
                .ports(4000, 5000)
                .u16(108)
                .u16(0)
                .fill(100)
                .bytes();
    }

    public static byte[] ipv6Udp() {
        return frame().type(IPV6)
                .ipv6(1, 2, UDP, 58)
                .ports(4000, 5000)
                .u16(58)
                .u16(0xffff)
                .fill(50)
                .bytes();
    }

    public static byte[] vlan() {
        return tagged(frame().tag(0x8100, 0x6064), 118);
    }

    public static byte[] qinq() {
        return tagged(frame().tag(0x88a8, 0x0065).tag(0x8100, 0x0066), 122);
    }

    public static byte[] doubleVlan() {
        return tagged(frame().tag(0x8100, 0x0065).tag(0x8100, 0x0066), 122);
    }

    public static byte[] oldQinq() {
        return tagged(frame().tag(0x9100, 0x0065).tag(0x8100, 0x0066), 122);
    }

    private static byte[] tagged(FrameBytes frame, int length) {
        return frame.type(IPV4)
                .ipv4(FROM, TO, TCP, 0, 0, 80)
                .ports(4000, 443)
                .padTo(length)
                .bytes();
    }

    public static byte[] mpls() {
        return frame().type(MPLS)
                .label(16, false)
                .label(17, true)
                .ipv4(FROM, TO, UDP, 0, 0, 58)
                .ports(4000, 5000)
                .u16(58)
                .u16(0)
                .fill(50)
                .bytes();
    }

    /** IEEE 802.3 with a length, as spanning tree has. */
    public static byte[] llc() {
        return frame().type(39).u8(0x42).u8(0x42).u8(3).padTo(60).bytes();
    }

    /** 9,000 bytes behind an Ethernet header and a VLAN tag. */
    public static byte[] jumbo() {
        return frame().tag(0x8100, 0x0064)
                .type(IPV4)
                .ipv4(FROM, TO, UDP, 0, 0, 8_980)
                .ports(4000, 5000)
                .u16(8_980)
                .u16(0)
                .padTo(9_018)
                .bytes();
    }

    /** What receive offload hands over: the largest IPv4 packet behind an Ethernet header. */
    public static byte[] superFrame() {
        return frame().type(IPV4)
                .ipv4(FROM, TO, TCP, 0, 0, 65_515)
                .ports(4000, 443)
                .padTo(65_549)
                .bytes();
    }

    /** All of them. */
    public static List<byte[]> all() {
        return List.of(
                headerOnly(),
                arp(),
                ipv4Udp(),
                ipv6Udp(),
                vlan(),
                qinq(),
                doubleVlan(),
                oldQinq(),
                mpls(),
                llc(),
                jumbo(),
                superFrame());
    }
}
