package io.ringtap.frame;

/**
 * A 32-bit hash of the conversation a frame belongs to, the same for both directions: addresses and, where the frame
 * has them, TCP, UDP, UDP-Lite or SCTP ports of IPv4 and IPv6, behind VLAN tags and MPLS labels. Every fragment of a
 * datagram, the first too, is hashed by addresses and protocol alone, so that all go the same way. Frames that are not
 * IP, or whose headers do not hold, are hashed by their pair of MAC addresses.
 *
 * <p>Not a defence: somebody who wants all their frames on one thread can have that.
 */
public final class FlowHash {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int MPLS_LABELS = 8;
    private static final int IPV6_EXTENSIONS = 8;

    private static final int HOP_BY_HOP = 0;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;

    private FlowHash() {}

    /** The hash of a frame; all 32 bits are well mixed. */
    public static int of(Frame frame) {
        int offset = EtherHeader.typeOffset(frame);
        if (offset < 0) {
            return byMac(frame);
        }
        int start = offset + 2;
        return switch (frame.unsignedShortAt(offset)) {
            case EtherHeader.IPV4 -> ipv4(frame, start);
            case EtherHeader.IPV6 -> ipv6(frame, start);
            case EtherHeader.MPLS_UNICAST, EtherHeader.MPLS_MULTICAST -> mpls(frame, start);
            default -> byMac(frame);
        };
    }

    private static int mpls(Frame frame, int start) {
        int offset = start;
        for (int label = 0; label < MPLS_LABELS && offset + 5 <= frame.length(); label++, offset += 4) {
            boolean bottom = (frame.byteAt(offset + 2) & 1) != 0;
            if (bottom) {
                return switch (frame.unsignedByteAt(offset + 4) >>> 4) {
                    case 4 -> ipv4(frame, offset + 4);
                    case 6 -> ipv6(frame, offset + 4);
                    default -> byMac(frame);
                };
            }
        }
        return byMac(frame);
    }

    private static int ipv4(Frame frame, int start) {
        if (start + IPV4_HEADER > frame.length() || frame.unsignedByteAt(start) >>> 4 != 4) {
            return byMac(frame);
        }
        int protocol = frame.unsignedByteAt(start + 9);
        boolean fragment = (frame.unsignedShortAt(start + 6) & 0x3fff) != 0; // more fragments, or an offset
        int headerBytes = (frame.byteAt(start) & 0xf) * 4;
        int ports = fragment || headerBytes < IPV4_HEADER ? -1 : start + headerBytes;
        return flow(frame, frame.intAt(start + 12), frame.intAt(start + 16), protocol, ports);
    }

    private static int ipv6(Frame frame, int start) {
        if (start + IPV6_HEADER > frame.length() || frame.unsignedByteAt(start) >>> 4 != 6) {
            return byMac(frame);
        }
        long source = mix(frame.longAt(start + 8)) + frame.longAt(start + 16);
        long destination = mix(frame.longAt(start + 24)) + frame.longAt(start + 32);
        int protocol = frame.unsignedByteAt(start + 6);
        int offset = start + IPV6_HEADER;
        for (int n = 0; n < IPV6_EXTENSIONS && offset + 8 <= frame.length(); n++) {
            switch (protocol) {
                case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> {
                    protocol = frame.unsignedByteAt(offset);
                    offset += 8 + 8 * frame.unsignedByteAt(offset + 1);
                }
                case FRAGMENT -> {
                    protocol = frame.unsignedByteAt(offset);
                    if ((frame.unsignedShortAt(offset + 2) & 0xfff9) != 0) {
                        return flow(frame, source, destination, FRAGMENT, -1); // only the first names the protocol
                    }
                    offset += 8;
                }
                default -> {
                    return flow(frame, source, destination, protocol, offset);
                }
            }
        }
        return flow(frame, source, destination, protocol, -1);
    }

    /** Both ends are mixed alike and added, so that exchanging them changes nothing. */
    private static int flow(Frame frame, long source, long destination, int protocol, int ports) {
        long a = source;
        long b = destination;
        if (ports >= 0 && ports + 4 <= frame.length() && hasPorts(protocol)) {
            a += (long) frame.unsignedShortAt(ports) << 40;
            b += (long) frame.unsignedShortAt(ports + 2) << 40;
        }
        return fold(mix(a) + mix(b) + protocol);
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
    }

    private static int byMac(Frame frame) {
        if (frame.length() < 12) {
            return 0;
        }
        long destination = (long) frame.intAt(0) << 16 | frame.unsignedShortAt(4);
        long source = (long) frame.intAt(6) << 16 | frame.unsignedShortAt(10);
        return fold(mix(source) + mix(destination));
    }

    private static int fold(long hash) {
        long mixed = mix(hash);
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
