package io.ringtap.handler.flows;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;

/** Frames of conversations between two stations, by the numbers at the end of their addresses. */
final class FlowFrames {
    static final long SECOND = 1_000_000_000;

    /** 2023-11-14T22:13:20Z. */
    static final long START = 1_700_000_000L * SECOND;

    static final int FIN = 1;
    static final int SYN = 2;
    static final int PUSH = 8;
    static final int ACK = 16;

    private static final int NET = 0x0a00_0000;
    private static final long MAC = 0x02_00_00_00_00_00L;

    private FlowFrames() {}

    /** The Ethernet addresses, with a tag for each VLAN. */
    static FrameBytes ethernet(int from, int to, int... vlans) {
        FrameBytes frame = new FrameBytes(MAC + to, MAC + from);
        for (int vlan : vlans) {
            frame.tag(0x8100, vlan);
        }
        return frame;
    }

    static byte[] tcp(int from, int fromPort, int to, int toPort, int flags, int payload, int... vlans) {
        return tcpHeader(
                        ethernet(from, to, vlans)
                                .type(FrameBytes.IPV4)
                                .ipv4(NET + from, NET + to, FrameBytes.TCP, 0, 0, 20 + payload),
                        fromPort,
                        toPort,
                        flags)
                .fill(payload)
                .bytes();
    }

    static byte[] tcp6(int from, int fromPort, int to, int toPort, int flags, int payload, int... vlans) {
        return tcpHeader(
                        ethernet(from, to, vlans).type(FrameBytes.IPV6).ipv6(from, to, FrameBytes.TCP, 20 + payload),
                        fromPort,
                        toPort,
                        flags)
                .fill(payload)
                .bytes();
    }

    private static FrameBytes tcpHeader(FrameBytes frame, int fromPort, int toPort, int flags) {
        return frame.ports(fromPort, toPort)
                .u32(1)
                .u32(1)
                .u8(5 << 4)
                .u8(flags)
                .u16(1_024)
                .u16(0)
                .u16(0);
    }

    static byte[] udp(int from, int fromPort, int to, int toPort, int payload, int... vlans) {
        return ethernet(from, to, vlans)
                .type(FrameBytes.IPV4)
                .ipv4(NET + from, NET + to, FrameBytes.UDP, 0, 0, 8 + payload)
                .ports(fromPort, toPort)
                .u16(8 + payload)
                .u16(0)
                .fill(payload)
                .bytes();
    }

    static byte[] udp6(int from, int fromPort, int to, int toPort, int payload) {
        return ethernet(from, to)
                .type(FrameBytes.IPV6)
                .ipv6(from, to, FrameBytes.UDP, 8 + payload)
                .ports(fromPort, toPort)
                .u16(8 + payload)
                .u16(0xffff)
                .fill(payload)
                .bytes();
    }

    /** A fragment of a UDP datagram, {@code offset} bytes into it. */
    static byte[] fragment(int from, int to, int offset, boolean more, int payload) {
        return ethernet(from, to)
                .type(FrameBytes.IPV4)
                .ipv4(
                        NET + from,
                        NET + to,
                        FrameBytes.UDP,
                        (more ? FrameBytes.MORE_FRAGMENTS : 0) | offset / 8,
                        0,
                        payload)
                .ports(4_000, 5_000)
                .u16(3_000)
                .u16(0)
                .fill(payload - 8)
                .bytes();
    }

    static byte[] icmp(int from, int to, int type) {
        return ethernet(from, to)
                .type(FrameBytes.IPV4)
                .ipv4(NET + from, NET + to, FrameBytes.ICMP, 0, 0, 64)
                .u8(type)
                .u8(0)
                .u16(0)
                .u16(7)
                .u16(1)
                .fill(56)
                .bytes();
    }

    static byte[] arp(int from, int to) {
        return ethernet(from, to).type(FrameBytes.ARP).padTo(60).bytes();
    }

    /** A frame at a time after {@link #START}. */
    static Frame at(double seconds, byte[] bytes) {
        return Frame.of(bytes, bytes.length, START + Math.round(seconds * SECOND), "test");
    }
}
