package io.ringtap.capture.ring;

import java.nio.ByteBuffer;

/** The frames that the benchmarks read: UDP, or TCP where it is said, from 65,536 senders, in the headers there may be. Public for JMH's sake. */
public enum SampleFrame {
    /** Ethernet, IPv4, UDP. */
    IPV4 {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            ipv4(frame, flow);
        }
    },
    /** Ethernet, IPv4, TCP. */
    TCP {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            ipv4Header(frame, flow, 6);
            frame.putShort((short) 5_000).putShort((short) 443).putLong(flow);
            frame.putShort((short) 0x5010).putShort((short) 1_000).putInt(0);
        }
    },
    /** Ethernet, IPv6, UDP. */
    IPV6 {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) (frame.remaining() - 36));
            frame.put((byte) UDP).put((byte) 64).put(new byte[14]).putShort((short) flow);
            frame.put(new byte[15]).put((byte) 1);
            udp(frame, 5_001);
        }
    },
    /** Ethernet, an 802.1Q tag, IPv4, UDP. */
    VLAN {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            frame.putShort((short) 0x8100).putShort((short) 1);
            ipv4(frame, flow);
        }
    },
    /** Ethernet, an 802.1ad and an 802.1Q tag, IPv4, UDP. */
    QINQ {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            frame.putShort((short) 0x88a8)
                    .putShort((short) 2)
                    .putShort((short) 0x8100)
                    .putShort((short) 1);
            ipv4(frame, flow);
        }
    },
    /** VXLAN between two ends, with Ethernet, IPv4, UDP inside. */
    VXLAN {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            ipv4Header(frame, 1, UDP);
            udp(frame, 4_789);
            frame.putInt(0x0800_0000).putInt(5 << 8);
            addresses(frame);
            ipv4(frame, flow);
        }
    },
    /** GRE between two ends, with IPv4, UDP inside. */
    GRE {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            ipv4Header(frame, 1, 47);
            frame.putShort((short) 0);
            ipv4(frame, flow); // whose EtherType is GRE's
        }
    },
    /** ERSPAN II between two ends, with Ethernet, IPv4, UDP inside. */
    ERSPAN {
        @Override
        void headers(ByteBuffer frame, int flow) {
            addresses(frame);
            ipv4Header(frame, 1, 47);
            frame.putInt(0x1000_88be).putInt(flow).putInt(0x1005_0001).putInt(0);
            addresses(frame);
            ipv4(frame, flow);
        }
    };

    private static final int UDP = 17;

    abstract void headers(ByteBuffer frame, int flow);

    byte[] of(int flow, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        headers(frame, flow);
        return frame.array();
    }

    private static void addresses(ByteBuffer frame) {
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1});
    }

    private static void ipv4(ByteBuffer frame, int flow) {
        ipv4Header(frame, flow, UDP);
        udp(frame, 5_001);
    }

    private static void ipv4Header(ByteBuffer frame, int flow, int protocol) {
        frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) (frame.remaining() + 2));
        frame.putInt(0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        frame.putInt(0x0a00_0000 | (flow & 0xffff)).putInt(0x0a00_0002);
    }

    private static void udp(ByteBuffer frame, int destination) {
        frame.putShort((short) 5_000).putShort((short) destination);
        frame.putShort((short) (frame.remaining() + 4)).putShort((short) 0);
    }
}
