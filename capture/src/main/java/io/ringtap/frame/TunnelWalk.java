package io.ringtap.frame;

import static io.ringtap.frame.HeaderWalk.ETHERNET_BYTES;
import static io.ringtap.frame.HeaderWalk.TYPE_MPLS;
import static io.ringtap.frame.HeaderWalk.TYPE_MPLS_MULTICAST;
import static io.ringtap.frame.HeaderWalk.TYPE_OFFSET;

/** Looks into tunnels: finds where the level inside begins, and what the tunnel's header says. {@link Tunnel} has the sources. */
final class TunnelWalk {
    private static final int IPV4_IN_IP = 4;
    private static final int IPV6_IN_IP = 41;
    private static final int UDP_BYTES = 8;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_ETHERNET = 0x6558;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_ERSPAN = 0x88be;
    private static final int TYPE_ERSPAN_III = 0x22eb;
    private static final int TYPE_FABRICPATH = 0x8903;

    /** RFC 7637, 3.2: ids below are reserved. A smaller key is Linux's gretap's, whose whole 32 bits are the id. */
    private static final int FIRST_SUBNET = 0x1000;

    private TunnelWalk() {}

    /** Decodes the level inside; false if there is none whose addresses can be read. */
    static boolean enter(HeaderPlaces h) {
        if (!h.isIp()) {
            return switch (h.level.etherType()) {
                case TYPE_FABRICPATH -> fabricPath(h);
                case TYPE_MPLS, TYPE_MPLS_MULTICAST -> pseudowire(h);
                default -> h.labelsAt >= 0 && pseudowire(h);
            };
        }
        if (h.transportAt < 0 || h.fragment) {
            return false; // of a datagram's fragments the first alone holds what is inside: they stay together
        }
        return switch (h.protocol) {
            case HeaderPlaces.UDP -> h.portsAt >= 0 && udp(h);
            case IPV4_IN_IP -> ipv4(h, Tunnel.IP_IN_IP, -1, -1, h.transportAt);
            case IPV6_IN_IP ->
                ipv6(h, h.network == HeaderPlaces.IPV4 ? Tunnel.SIX_IN_FOUR : Tunnel.IP_IN_IP, -1, -1, h.transportAt);
            case HeaderPlaces.GRE -> gre(h, h.transportAt);
            default -> false;
        };
    }

    /** By either port, the lower one first, so that both directions are taken alike. */
    private static boolean udp(HeaderPlaces h) {
        int a = h.frame.unsignedShortAt(h.portsAt);
        int b = h.frame.unsignedShortAt(h.portsAt + 2);
        Tunnel lower = h.ports.find(Math.min(a, b));
        Tunnel higher = h.ports.find(Math.max(a, b));
        return (lower != null && udp(h, lower)) || (higher != null && higher != lower && udp(h, higher));
    }

    private static boolean udp(HeaderPlaces h, Tunnel tunnel) {
        int at = h.transportAt + UDP_BYTES;
        return switch (tunnel) {
            case VXLAN -> vxlan(h, at);
            case GENEVE -> geneve(h, at);
            case GTP_U -> gtp(h, at);
            default -> teredo(h, at);
        };
    }

    private static boolean vxlan(HeaderPlaces h, int at) {
        return at + 8 <= h.end
                && (h.frame.byteAt(at) & 0x08) != 0
                && ethernet(h, Tunnel.VXLAN, h.frame.intAt(at + 4) >>> 8, -1, at + 8);
    }

    private static boolean geneve(HeaderPlaces h, int at) {
        if (at + 8 > h.end || h.frame.unsignedByteAt(at) >>> 6 != 0) {
            return false;
        }
        int options = (h.frame.unsignedByteAt(at) & 0x3f) * 4;
        int id = h.frame.intAt(at + 4) >>> 8;
        return byType(h, Tunnel.GENEVE, id, -1, h.frame.unsignedShortAt(at + 2), at + 8 + options);
    }

    private static boolean gtp(HeaderPlaces h, int at) {
        // Version 1, not GTP', and a user's packet (G-PDU, 255).
        if (at + 8 > h.end || (h.frame.byteAt(at) & 0xf0) != 0x30 || h.frame.unsignedByteAt(at + 1) != 255) {
            return false;
        }
        int flags = h.frame.unsignedByteAt(at);
        long id = h.frame.intAt(at + 4) & 0xffff_ffffL;
        int inside = at + 8;
        if ((flags & 7) != 0) {
            inside += 4;
            int next = (flags & 4) == 0 || inside > h.end ? 0 : h.frame.unsignedByteAt(inside - 1);
            while (next != 0) {
                if (inside >= h.end || h.frame.byteAt(inside) == 0) {
                    return false;
                }
                inside += 4 * h.frame.unsignedByteAt(inside);
                if (inside > h.end) {
                    return false;
                }
                next = h.frame.unsignedByteAt(inside - 1);
            }
        }
        return byVersion(h, Tunnel.GTP_U, id, inside);
    }

    private static boolean teredo(HeaderPlaces h, int udpPayload) {
        int at = udpPayload;
        if (at + 4 <= h.end && h.frame.unsignedShortAt(at) == 1) { // authentication: RFC 4380, 5.1.1
            at += 13 + h.frame.unsignedByteAt(at + 2) + h.frame.unsignedByteAt(at + 3);
        }
        if (at + 2 <= h.end && h.frame.unsignedShortAt(at) == 0) { // origin
            at += 8;
        }
        return at < h.end && h.frame.unsignedByteAt(at) >>> 4 == 6 && ipv6(h, Tunnel.TEREDO, -1, -1, at);
    }

    private static boolean gre(HeaderPlaces h, int at) {
        if (h.lacks(at, 4)) {
            return false;
        }
        int flags = h.frame.unsignedShortAt(at);
        if ((flags & 0x4007) != 0) { // routing, which RFC 2784 did away with, or another version
            return false;
        }
        boolean keyed = (flags & 0x2000) != 0;
        boolean numbered = (flags & 0x1000) != 0;
        int keyAt = at + ((flags & 0x8000) == 0 ? 4 : 8);
        int sequenceAt = keyAt + (keyed ? 4 : 0);
        int inside = sequenceAt + (numbered ? 4 : 0);
        if (h.lacks(at, inside - at)) {
            return false;
        }
        long key = keyed ? h.frame.intAt(keyAt) & 0xffff_ffffL : -1;
        long sequence = numbered ? h.frame.intAt(sequenceAt) & 0xffff_ffffL : -1;
        int type = h.frame.unsignedShortAt(at + 2);
        return switch (type) {
            case TYPE_ERSPAN -> numbered ? erspan2(h, sequence, inside) : ethernet(h, Tunnel.ERSPAN_I, -1, -1, inside);
            case TYPE_ERSPAN_III -> erspan3(h, sequence, inside);
            case TYPE_ETHERNET ->
                isSubnet(key)
                        ? ethernet(h, Tunnel.NVGRE, key >>> 8, sequence, inside)
                        : ethernet(h, Tunnel.GRE, key, sequence, inside);
            default -> byType(h, Tunnel.GRE, key, sequence, type, inside);
        };
    }

    private static boolean isSubnet(long key) {
        return key >= FIRST_SUBNET << 8;
    }

    private static boolean erspan2(HeaderPlaces h, long sequence, int at) {
        return !h.lacks(at, 8)
                && h.frame.unsignedByteAt(at) >>> 4 == 1
                && ethernet(h, Tunnel.ERSPAN_II, h.frame.unsignedShortAt(at + 2) & 0x3ff, sequence, at + 8);
    }

    private static boolean erspan3(HeaderPlaces h, long sequence, int at) {
        if (h.lacks(at, 12) || h.frame.unsignedByteAt(at) >>> 4 != 2) {
            return false;
        }
        int session = h.frame.unsignedShortAt(at + 2) & 0x3ff;
        int last = h.frame.unsignedShortAt(at + 10);
        int inside = at + ((last & 1) == 0 ? 12 : 20); // a platform's own subheader
        return switch (last >>> 10 & 0x1f) {
            case 0 -> ethernet(h, Tunnel.ERSPAN_III, session, sequence, inside);
            case 2 -> byVersion(h, Tunnel.ERSPAN_III, session, inside);
            default -> false;
        };
    }

    private static boolean fabricPath(HeaderPlaces h) {
        int at = h.restAt;
        return !h.lacks(at, 2) && ethernet(h, Tunnel.FABRICPATH, h.frame.unsignedShortAt(at) >>> 6, -1, at + 2);
    }

    /**
     * Nothing says what is behind labels, nor whether a control word (RFC 4385) comes before the frame. A control word begins with
     * 0 and has a length of its own; so may a MAC address. What is taken is what makes the frame's type one that is known.
     */
    private static boolean pseudowire(HeaderPlaces h) {
        int at = h.restAt;
        if (h.labelsAt < 0 || at < h.labelsAt + 4 || at + 4 > h.end) {
            return false;
        }
        int label = h.frame.intAt(at - 4) >>> 12;
        boolean controlWord = !isEthernet(h, at, false) && isControlWord(h, at) && isEthernet(h, at + 4, true);
        int frameAt = controlWord ? at + 4 : at;
        return (controlWord || isEthernet(h, at, true)) && ethernet(h, Tunnel.EOMPLS, label, -1, frameAt);
    }

    private static boolean isControlWord(HeaderPlaces h, int at) {
        int first = h.frame.unsignedShortAt(at);
        int length = first & 0x3f;
        return first >>> 6 == 0 && (length == 0 || length == h.fullEnd - at);
    }

    /** Returns whether a frame's type is one that is known, with or without 802.3's lengths right behind
     * addresses: any bytes may look like one. */
    private static boolean isEthernet(HeaderPlaces h, int at, boolean lengths) {
        int typeAt = at + TYPE_OFFSET;
        while (typeAt + 2 <= h.end && HeaderWalk.isTag(h.frame.unsignedShortAt(typeAt))) {
            typeAt += 4;
        }
        int behind = typeAt + 2;
        if (behind >= h.end) {
            return false;
        }
        int type = h.frame.unsignedShortAt(typeAt);
        int version = h.frame.unsignedByteAt(behind) >>> 4;
        return switch (type) {
            case TYPE_IPV4 -> version == 4;
            case TYPE_IPV6 -> version == 6;
            case TYPE_ARP -> behind + 8 <= h.end && h.frame.intAt(behind) == 0x0001_0800;
            case TYPE_MPLS, TYPE_MPLS_MULTICAST, 0x8863, 0x8864, 0x8809, 0x88cc, 0x8902, 0x888e, 0x9000 -> true;
            default ->
                (lengths || typeAt > at + TYPE_OFFSET)
                        && type < HeaderWalk.FIRST_ETHERTYPE
                        && type >= 3
                        && behind + type <= h.fullEnd;
        };
    }

    private static boolean byType(HeaderPlaces h, Tunnel tunnel, long id, long sequence, int type, int at) {
        return switch (type) {
            case TYPE_ETHERNET -> ethernet(h, tunnel, id, sequence, at);
            case TYPE_IPV4 -> ipv4(h, tunnel, id, sequence, at);
            case TYPE_IPV6 -> ipv6(h, tunnel, id, sequence, at);
            case TYPE_MPLS, TYPE_MPLS_MULTICAST -> {
                HeaderPlaces in = h.level.enter(tunnel, id, sequence);
                HeaderWalk.mpls(in, at);
                yield entered(h, in, in.isIp() || in.level.inner() != null);
            }
            default -> false;
        };
    }

    private static boolean byVersion(HeaderPlaces h, Tunnel tunnel, long id, int at) {
        return at < h.end
                && switch (h.frame.unsignedByteAt(at) >>> 4) {
                    case 4 -> ipv4(h, tunnel, id, -1, at);
                    case 6 -> ipv6(h, tunnel, id, -1, at);
                    default -> false;
                };
    }

    private static boolean ethernet(HeaderPlaces h, Tunnel tunnel, long id, long sequence, int at) {
        HeaderPlaces in = h.level.enter(tunnel, id, sequence);
        boolean addressed = !in.lacks(at, ETHERNET_BYTES);
        if (addressed) {
            HeaderWalk.ethernet(in, at);
        }
        return entered(h, in, addressed);
    }

    private static boolean ipv4(HeaderPlaces h, Tunnel tunnel, long id, long sequence, int at) {
        HeaderPlaces in = h.level.enter(tunnel, id, sequence);
        return entered(h, in, HeaderWalk.ipv4(in, at));
    }

    private static boolean ipv6(HeaderPlaces h, Tunnel tunnel, long id, long sequence, int at) {
        HeaderPlaces in = h.level.enter(tunnel, id, sequence);
        return entered(h, in, HeaderWalk.ipv6(in, at));
    }

    private static boolean entered(HeaderPlaces h, HeaderPlaces in, boolean addressed) {
        if (!addressed && in.fault != 0) {
            h.fault(in.faultAt, in.fault);
        }
        return addressed;
    }
}
