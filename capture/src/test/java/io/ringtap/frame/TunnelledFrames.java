package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.ARP;
import static io.ringtap.capturefile.FrameBytes.ICMP;
import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.MPLS;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;
import static io.ringtap.capturefile.Layers.ETHERNET_IN_GRE;
import static io.ringtap.capturefile.Layers.ICMPV6;
import static io.ringtap.capturefile.Layers.SCTP;
import static io.ringtap.capturefile.Layers.arp;
import static io.ringtap.capturefile.Layers.echo;
import static io.ringtap.capturefile.Layers.ethernet;
import static io.ringtap.capturefile.Layers.geneve;
import static io.ringtap.capturefile.Layers.gre;
import static io.ringtap.capturefile.Layers.gtp;
import static io.ringtap.capturefile.Layers.header;
import static io.ringtap.capturefile.Layers.ipv4;
import static io.ringtap.capturefile.Layers.ipv6;
import static io.ringtap.capturefile.Layers.mpls;
import static io.ringtap.capturefile.Layers.payload;
import static io.ringtap.capturefile.Layers.pppoe;
import static io.ringtap.capturefile.Layers.sctp;
import static io.ringtap.capturefile.Layers.snap;
import static io.ringtap.capturefile.Layers.tcp;
import static io.ringtap.capturefile.Layers.udp;
import static io.ringtap.capturefile.Layers.vxlan;

import java.util.Random;

/** Frames of every shape, tag and tunnel that is decoded, one within the other, by chance. */
final class TunnelledFrames {
    private static final int[][] TAGS = {
        {}, {}, {}, {0x8100, 0x6064}, {0x88a8, 0x0065, 0x8100, 0xe066}, {0x8100, 1, 0x8100, 2, 0x8100, 3}
    };
    /** Labels by which tshark is told what is behind them. */
    static final int WITH_CONTROL_WORD = 17;

    static final int WITHOUT_CONTROL_WORD = 18;

    private static final int[] BEGINNINGS = {
        0x001b_2101, 0x0000_0c01, 0x4600_0001, 0x4600_0000, 0x4500_7f01, 0x6c00_0001, 0xb827_eb01
    };
    private static final int IPV4_IN_IP = 4;
    private static final int IPV6_IN_IP = 41;
    private static final int GRE = 47;

    private final Random random;

    TunnelledFrames(long seed) {
        random = new Random(seed);
    }

    /** A frame with up to so many tunnels in one another. */
    byte[] frame(int tunnels) {
        return frame(tunnels, 0x02_00_00_00_00_00L);
    }

    private byte[] frame(int tunnels, long macs) {
        int[] tags = TAGS[random.nextInt(TAGS.length)];
        long to = macs + random.nextInt(256);
        long from = macs + 256 + random.nextInt(256);
        return switch (random.nextInt(tunnels > 0 ? 12 : 10)) {
            case 0 -> ethernet(to, from, ARP, arp(1 + random.nextInt(2), address(), address()), tags);
            case 1 -> ethernet(to, from, 0x8864, pppoe(random.nextInt(0x10000), 0x21, ipv4Packet(tunnels)), tags);
            case 2 -> ethernet(to, from, 0x8864, pppoe(random.nextInt(0x10000), 0x57, ipv6Packet(tunnels)), tags);
            case 3 -> {
                byte[] inside = snap(IPV4, ipv4Packet(0));
                yield ethernet(to, from, inside.length, inside, tags);
            }
            case 4 -> ethernet(to, from, MPLS, mpls(ipv4Packet(tunnels), label(), label(), label()), tags);
            case 5 -> ethernet(to, from, MPLS, mpls(ipv6Packet(tunnels), label()), tags);
            case 6, 7 -> ethernet(to, from, IPV6, ipv6Packet(tunnels), tags);
            case 8, 9 -> ethernet(to, from, IPV4, ipv4Packet(tunnels), tags);
            case 10 ->
                ethernet(to, from, MPLS, mpls(header("00000000", pseudowire(tunnels)), label(), WITH_CONTROL_WORD));
            default -> ethernet(to, from, MPLS, mpls(pseudowire(tunnels), label(), WITHOUT_CONTROL_WORD));
        };
    }

    /** Addresses as they are given out, and such as look like a control word, IPv4 or IPv6. */
    private byte[] pseudowire(int tunnels) {
        return frame(tunnels - 1, (BEGINNINGS[random.nextInt(BEGINNINGS.length)] & 0xffff_ffffL) << 16);
    }

    private int label() {
        return 100 + random.nextInt(1_000_000);
    }

    private int address() {
        return 0x0a00_0000 | random.nextInt(1 << 24);
    }

    private int port() {
        return 30_000 + random.nextInt(10_000);
    }

    private byte[] ipv4Packet(int tunnels) {
        int from = address();
        int to = address();
        int options = random.nextInt(4) == 0 ? random.nextInt(10) : 0;
        if (tunnels > 0 && random.nextInt(4) > 0) {
            return tunnel(tunnels - 1, true, (protocol, inside) -> ipv4(from, to, protocol, 0x4000, options, inside));
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> ipv4(from, to, TCP, 0x4000, options, segment());
            case 3, 4 -> ipv4(from, to, UDP, 0, options, datagram());
            case 5 -> ipv4(from, to, SCTP, sctp(port(), port()));
            case 6 -> ipv4(from, to, ICMP, echo(random.nextBoolean() ? 0 : 8));
            default -> // a fragment that is not the first
                ipv4(from, to, UDP, 1 + random.nextInt(0x1f00), options, payload(64));
        };
    }

    private byte[] ipv6Packet(int tunnels) {
        long from = random.nextLong(1, 1000);
        long to = random.nextLong(2000, 3000);
        if (tunnels > 0 && random.nextInt(4) > 0) {
            return tunnel(tunnels - 1, false, (protocol, inside) -> ipv6(from, to, protocol, inside));
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> ipv6(from, to, TCP, segment());
            case 2 -> ipv6(from, to, UDP, datagram());
            case 3 ->
                ipv6(from, to, 60, header("1101 0104 0000 0000 0108 0000 0000 0000", datagram())); // options of UDP
            case 4 ->
                ipv6(from, to, 0, header("2b00 0104 0000 0000 0600 0000 0000 0000", segment())); // and routing, of TCP
            case 5 -> ipv6(from, to, 44, header("1100 0000 0000 0009", datagram())); // a fragment that is the only one
            case 6 -> ipv6(from, to, ICMPV6, echo(random.nextBoolean() ? 128 : 129));
            default -> ipv6(from, to, 51, header("0604 0000 0000 0001 0000 0001 000000000000000000000000", segment()));
        };
    }

    private byte[] segment() {
        return tcp(port(), port(), random.nextInt(256), payload(random.nextInt(200)));
    }

    private byte[] datagram() {
        return udp(port(), port(), payload(random.nextInt(200)));
    }

    private interface Carrier {
        byte[] carry(int protocol, byte[] inside);
    }

    private byte[] tunnel(int tunnels, boolean overIpv4, Carrier carrier) {
        int id = 1 + random.nextInt(0xff_fffe);
        long sequence = random.nextInt() & 0xffff_ffffL;
        return switch (random.nextInt(13)) {
            case 0, 1 -> carrier.carry(UDP, udp(port(), 4789, vxlan(id, inside(tunnels))));
            case 2 ->
                carrier.carry(UDP, udp(port(), 6081, geneve(id, ETHERNET_IN_GRE, random.nextInt(4), inside(tunnels))));
            case 3 -> carrier.carry(UDP, udp(port(), 6081, geneve(id, IPV6, 0, ipv6Packet(tunnels))));
            case 4 -> carrier.carry(GRE, gre(IPV4, -1, -1, ipv4Packet(tunnels)));
            case 5 -> carrier.carry(GRE, gre(IPV6, id, sequence, ipv6Packet(tunnels)));
            case 6 -> carrier.carry(GRE, gre(ETHERNET_IN_GRE, 0x1000_0000L | id, -1, inside(tunnels)));
            case 7 -> carrier.carry(GRE, gre(0x88be, -1, -1, inside(tunnels)));
            case 8 ->
                carrier.carry(
                        GRE,
                        gre(0x88be, -1, sequence, header("1005 0123 0000 0000", inside(tunnels)))); // session 0x123
            case 9 ->
                carrier.carry(GRE, gre(0x22eb, -1, sequence, header("2005 0321 0000 0001 0000 0000", inside(tunnels))));
            case 10 -> carrier.carry(IPV4_IN_IP, ipv4Packet(tunnels));
            case 11 -> carrier.carry(IPV6_IN_IP, ipv6Packet(tunnels));
            default ->
                carrier.carry(
                        UDP,
                        udp(
                                2152,
                                2152,
                                gtp(
                                        id,
                                        random.nextBoolean() ? -1 : 9,
                                        overIpv4 ? ipv4Packet(tunnels) : ipv6Packet(tunnels))));
        };
    }

    private byte[] inside(int tunnels) {
        return frame(tunnels, 0x02_00_00_02_00_00L);
    }
}
