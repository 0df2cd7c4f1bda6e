package io.ringtap.capture.ring;

import java.nio.ByteBuffer;

/** The frames that the benchmarks read: UDP from 65,536 senders, in the headers there may be. Public for JMH's sake. */
public enum SampleFrame {
    /** Ethernet, IPv4, UDP. */
    IPV4(0, false),
    /** Ethernet, IPv6, UDP. */
    IPV6(0, true),
    /** Ethernet, an 802.1Q tag, IPv4, UDP. */
    VLAN(1, false),
    /** Ethernet, an 802.1ad and an 802.1Q tag, IPv4, UDP. */
    QINQ(2, false);

    private static final int UDP = 17;

    private final int tags;
    private final boolean ipv6;

    SampleFrame(int tags, boolean ipv6) {
        this.tags = tags;
        this.ipv6 = ipv6;
    }

    byte[] of(int flow, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1});
        for (int i = tags; i > 0; i--) {
            frame.putShort((short) (i == 1 ? 0x8100 : 0x88a8)).putShort((short) i);
        }
        if (ipv6) {
            frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) (frame.remaining() - 36));
            frame.put((byte) UDP).put((byte) 64).put(new byte[14]).putShort((short) flow);
            frame.put(new byte[15]).put((byte) 1);
        } else {
            frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) (frame.remaining() + 2));
            frame.putInt(0).put((byte) 64).put((byte) UDP).putShort((short) 0);
            frame.putInt(0x0a00_0000 | (flow & 0xffff)).putInt(0x0a00_0002);
        }
        frame.putShort((short) 5_000).putShort((short) 5_001).putShort((short) (frame.remaining() + 4));
        return frame.array();
    }
}
