package io.ringtap.frame;

/** A way of carrying frames or IP packets within others: what {@link Headers#inner()} looks into. */
public enum Tunnel {
    /** RFC 7348; its id is the VXLAN network identifier. */
    VXLAN("vxlan"),
    /** RFC 8926; its id is the virtual network identifier. */
    GENEVE("geneve"),
    /** RFC 2784 and 2890, with IP or Ethernet inside; its id is the key. */
    GRE("gre"),
    /** RFC 7637: GRE with Ethernet inside and a key that is above the reserved ids; its id is the virtual subnet id. */
    NVGRE("nvgre"),
    /** A mirror port's frames in GRE, type I, which has no header of its own and no id. */
    ERSPAN_I("erspan-1"),
    /** Type II of draft-foschiano-erspan; its id is the session. */
    ERSPAN_II("erspan-2"),
    /** Type III of draft-foschiano-erspan; its id is the session. */
    ERSPAN_III("erspan-3"),
    /** RFC 2003 and 2473: IPv4 in either, or IPv6 in IPv6. No id. */
    IP_IN_IP("ip-in-ip"),
    /** RFC 4213: IPv6 in IPv4. No id. */
    SIX_IN_FOUR("6in4"),
    /** 3GPP TS 29.281, version 1, user packets; its id is the tunnel endpoint identifier. */
    GTP_U("gtp-u"),
    /** RFC 4380: IPv6 in UDP. No id. */
    TEREDO("teredo"),
    /** RFC 4448: Ethernet over MPLS, with a control word or without; its id is the label at the bottom. */
    EOMPLS("eompls"),
    /** Cisco FabricPath, EtherType 0x8903; its id is the forwarding tag. */
    FABRICPATH("fabricpath");

    private final String text;

    Tunnel(String text) {
        this.text = text;
    }

    /** Returns its name in configuration, records and documents. */
    public String text() {
        return text;
    }
}
