package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.MPLS;

import io.ringtap.capturefile.FrameBytes;

/** What comes before the IP header, or in its place. */
public enum Encapsulation {
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
            frame.type(IPV6).ipv6(from.ip(), to.ip(), HOP_BY_HOP, 52);
            frame.u8(ROUTING).u8(0).fill(6);
            frame.u8(DESTINATION_OPTIONS).u8(2).fill(22);
            frame.u8(protocol).u8(0).fill(6);
            frame.ports(from.port(), to.port()).fill(8);
        }
    };

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;

    abstract void build(FrameBytes frame, End from, End to, int protocol);

    static void ipv4(FrameBytes frame, End from, End to, int protocol, int optionWords) {
        frame.ipv4(from.ip(), to.ip(), protocol, 0x4000, optionWords, 12)
                .ports(from.port(), to.port())
                .fill(8);
    }

    static void ipv6(FrameBytes frame, End from, End to, int protocol) {
        frame.ipv6(from.ip(), to.ip(), protocol, 12)
                .ports(from.port(), to.port())
                .fill(8);
    }

    /** A frame that one end sends to the other. */
    public byte[] frame(End from, End to, int protocol) {
        FrameBytes frame = new FrameBytes(to.mac(), from.mac());
        build(frame, from, to, protocol);
        return frame.bytes();
    }

    int hash(End from, End to, int protocol) {
        return FlowHash.of(new GuardedFrame(frame(from, to, protocol)));
    }

    /** One end of a conversation. */
    public record End(long mac, int ip, int port) {}
}
