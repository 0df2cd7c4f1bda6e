package io.ringtap.capturefile;

import java.util.Arrays;

/** What carries an inner frame or packet, between the same two ends for all flows. */
public enum Carrier {
    PLAIN,
    VXLAN,
    GENEVE,
    GRE,
    ERSPAN,
    IP_IN_IP,
    GTP,
    VXLAN_OVER_IPV6;

    /** A frame that carries another, of Ethernet and IPv4. */
    public byte[] frame(byte[] inner) {
        byte[] packet = Arrays.copyOfRange(inner, 14, inner.length);
        byte[] frame = Layers.ethernet(4, 3, 0x0800, packet, 0x8100, 7);
        return switch (this) {
            case PLAIN -> inner;
            case VXLAN -> udp(4789, Layers.vxlan(5, inner));
            case GENEVE -> udp(6081, Layers.geneve(5, Layers.ETHERNET_IN_GRE, 2, inner));
            case GRE -> outer(47, Layers.gre(0x0800, 9, -1, packet));
            case ERSPAN -> outer(47, Layers.gre(0x88be, -1, 1, Layers.header("1005000100000000", frame)));
            case IP_IN_IP -> outer(4, packet);
            case GTP -> udp(2152, Layers.gtp(5, 1, packet));
            case VXLAN_OVER_IPV6 ->
                Layers.ethernet(2, 1, 0x86dd, Layers.ipv6(1, 2, 17, Layers.udp(50_000, 4789, Layers.vxlan(5, frame))));
        };
    }

    private static byte[] udp(int port, byte[] inside) {
        return outer(17, Layers.udp(50_000, port, inside));
    }

    private static byte[] outer(int protocol, byte[] inside) {
        return Layers.ethernet(2, 1, 0x0800, Layers.ipv4(0xc000_0201, 0xc000_0202, protocol, inside));
    }
}
