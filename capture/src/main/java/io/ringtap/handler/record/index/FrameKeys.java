package io.ringtap.handler.record.index;

import java.nio.ByteBuffer;

/**
 * All that an expression of pcap-filter(7) can find a frame by, read as libpcap reads it: at the same places, however little the
 * rest of a header makes sense, behind any tags and labels, and inside of Geneve and VXLAN. It may tell more than libpcap finds,
 * never less. One thread.
 */
final class FrameKeys {
    private static final int ETHERNET_BYTES = 14;
    private static final int IP6_BYTES = 40;
    private static final int MOST_INSIDE = 4;

    private static final int IP4 = 0x0800;
    private static final int ARP = 0x0806;
    private static final int RARP = 0x8035;
    private static final int IP6 = 0x86dd;
    private static final int MPLS = 0x8847;
    private static final int MPLS_MULTICAST = 0x8848;
    private static final int PPPOE_SESSION = 0x8864;
    private static final int TRANSPARENT_ETHERNET = 0x6558;
    private static final int PPP_IP4 = 0x0021;
    private static final int PPP_IP6 = 0x0057;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int IP6_FRAGMENT = 44;
    private static final int FRAGMENT_OFFSET = 0x1fff;
    private static final int GENEVE_PORT = 6081;
    private static final int VXLAN_PORT = 4789;

    private final BlockKeys keys;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int end;

    FrameKeys(BlockKeys keys) {
        this.keys = keys;
    }

    /** Reads from this buffer from now on, whose order is big-endian. */
    void in(ByteBuffer bigEndian) {
        bytes = bigEndian;
    }

    /** Adds the keys of the frame of so many captured bytes. */
    void add(int at, int captured) {
        end = at + captured;
        ethernet(at, 0);
    }

    private boolean has(int at, int count) {
        return at + count <= end;
    }

    private int byteAt(int at) {
        return bytes.get(at) & 0xff;
    }

    private int shortAt(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    private void ethernet(int at, int inside) {
        if (has(at, 12)) {
            keys.stations(bytes.getLong(at), bytes.getInt(at + 8));
        } else if (has(at, 6)) {
            keys.add(IndexKey.station((long) shortAt(at) << 32 | (bytes.getInt(at + 2) & 0xffff_ffffL)));
        }
        int typeAt = at + ETHERNET_BYTES - 2;
        while (has(typeAt, 2)) {
            int type = shortAt(typeAt);
            keys.type(type);
            if (!isTag(type)) {
                network(type, typeAt + 2, inside);
                return;
            }
            if (has(typeAt, 4)) {
                keys.add(IndexKey.vlan(shortAt(typeAt + 2) & 0xfff));
            }
            typeAt += 4;
        }
    }

    static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private void network(int type, int at, int inside) {
        switch (type) {
            case IP4 -> ip4(at, inside);
            case IP6 -> ip6(at, inside);
            case ARP, RARP -> {
                address4(at + 14);
                address4(at + 24);
            }
            case MPLS, MPLS_MULTICAST -> labels(at, inside);
            case PPPOE_SESSION -> pppoe(at, inside);
            default -> {}
        }
    }

    private void labels(int first, int inside) {
        int at = first;
        while (has(at, 4)) {
            int label = bytes.getInt(at);
            keys.add(IndexKey.label(label >>> 12));
            at += 4;
            boolean isLast = (label & 0x100) != 0;
            if (isLast) {
                int version = has(at, 1) ? byteAt(at) >>> 4 : 0;
                if (version == 4) {
                    ip4(at, inside);
                } else if (version == 6) {
                    ip6(at, inside);
                }
                return;
            }
        }
    }

    private void pppoe(int at, int inside) {
        if (has(at, 4)) {
            keys.add(IndexKey.session(shortAt(at + 2)));
        }
        int protocol = has(at, 8) ? shortAt(at + 6) : 0;
        if (protocol == PPP_IP4) {
            ip4(at + 8, inside);
        } else if (protocol == PPP_IP6) {
            ip6(at + 8, inside);
        }
    }

    private void address4(int at) {
        if (has(at, 4)) {
            keys.address4(bytes.getInt(at));
        }
    }

    private void address6(int at) {
        if (has(at, 16)) {
            keys.address6(bytes.getLong(at), bytes.getLong(at + 8));
        } else if (has(at, 8)) { // enough for the mask of a short net
            keys.network6(bytes.getLong(at));
        } else if (has(at, 4)) {
            keys.add(IndexKey.net6((long) bytes.getInt(at) << 32, 32));
        }
    }

    private void ip4(int at, int inside) {
        keys.type(IP4);
        address4(at + 12);
        address4(at + 16);
        if (!has(at, 10)) {
            return;
        }
        int protocol = byteAt(at + 9);
        keys.protocol(protocol);
        boolean isFirst = (shortAt(at + 6) & FRAGMENT_OFFSET) == 0;
        if (isFirst) {
            transport(protocol, at + (byteAt(at) & 0xf) * 4, inside);
        }
    }

    private void ip6(int at, int inside) {
        keys.type(IP6);
        address6(at + 8);
        address6(at + 24);
        if (!has(at, 7)) {
            return;
        }
        int next = byteAt(at + 6);
        keys.protocol(next);
        if (next == IP6_FRAGMENT && has(at, IP6_BYTES + 1)) {
            keys.add(IndexKey.protocol(byteAt(at + IP6_BYTES)));
        }
        transport(next, at + IP6_BYTES, inside);
    }

    private void transport(int protocol, int at, int inside) {
        if (protocol != TCP && protocol != UDP && protocol != SCTP) {
            return;
        }
        if (has(at, 2)) {
            keys.port(shortAt(at));
        }
        if (!has(at, 4)) {
            return;
        }
        int port = shortAt(at + 2);
        keys.port(port);
        if (protocol == UDP && inside < MOST_INSIDE && has(at, 16)) {
            if (port == GENEVE_PORT) {
                geneve(at + 8, inside + 1);
            } else if (port == VXLAN_PORT) {
                keys.add(IndexKey.vxlan(bytes.getInt(at + 12) >>> 8));
                ethernet(at + 16, inside + 1);
            }
        }
    }

    private void geneve(int at, int inside) {
        keys.add(IndexKey.geneve(bytes.getInt(at + 4) >>> 8));
        int behind = at + 8 + (byteAt(at) & 0x3f) * 4;
        int type = shortAt(at + 2);
        if (type == TRANSPARENT_ETHERNET) {
            ethernet(behind, inside);
        } else {
            keys.type(type);
            network(type, behind, inside);
        }
    }
}
