package io.ringtap.frame;

/**
 * The places of the headers of a frame's conversation, found in one walk and packed into a {@code long}, so that nothing is
 * allocated: IPv4 and IPv6 behind VLAN tags and MPLS labels, and the ports of TCP, UDP, UDP-Lite and SCTP. Every offset lies
 * within the frame; no length in a header is believed.
 *
 * <p>Of tunnels the outermost IP header counts. No fragment of a datagram has ports here, the first neither, so that all
 * are taken alike; an IPv6 fragment's protocol is 44, for only the first one says which is inside.
 */
public final class FlowHeaders {
    /** The kind of a frame that ends before its addresses. */
    public static final int NONE = 0;

    /** The kind of a frame that is not IP, or whose IP header does not hold: it has its MAC addresses alone. */
    public static final int MAC = 1;

    public static final int IPV4 = 2;
    public static final int IPV6 = 3;

    private static final int MAC_HEADER = 12;
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

    // Packed: protocol 8 bits, ports 20, IP header 20, kind 2. Eight extensions of 2,048 bytes each end below 20 bits.
    private static final int PORTS_SHIFT = 8;
    private static final int HEADER_SHIFT = 28;
    private static final int KIND_SHIFT = 48;
    private static final int OFFSET_MASK = 0xf_ffff;

    private FlowHeaders() {}

    /** Finds them; the other methods take the result. */
    public static long find(Frame frame) {
        int offset = EtherHeader.typeOffset(frame);
        if (offset < 0) {
            return mac(frame);
        }
        int start = offset + 2;
        return switch (frame.unsignedShortAt(offset)) {
            case EtherHeader.IPV4 -> ipv4(frame, start);
            case EtherHeader.IPV6 -> ipv6(frame, start);
            case EtherHeader.MPLS_UNICAST, EtherHeader.MPLS_MULTICAST -> mpls(frame, start);
            default -> mac(frame);
        };
    }

    /** {@link #NONE}, {@link #MAC}, {@link #IPV4} or {@link #IPV6}. */
    public static int kind(long headers) {
        return (int) (headers >>> KIND_SHIFT);
    }

    /** The offset of the IP header. */
    public static int ipOffset(long headers) {
        return (int) (headers >>> HEADER_SHIFT) & OFFSET_MASK;
    }

    /** The protocol behind IPv6's extensions, by its IANA number. */
    public static int protocol(long headers) {
        return (int) headers & 0xff;
    }

    /** The offset of the two ports, which are where a TCP or UDP header begins; 0 if there are none. */
    public static int portsOffset(long headers) {
        return (int) (headers >>> PORTS_SHIFT) & OFFSET_MASK;
    }

    /** The id in a VLAN tag, 0 the outermost; 0 if there is no such tag, or it holds a priority alone. */
    public static int vlan(Frame frame, int tag) {
        int offset = EtherHeader.tagOffset(frame, tag);
        return offset < 0 ? 0 : frame.unsignedShortAt(offset) & 0xfff;
    }

    private static long mpls(Frame frame, int start) {
        int offset = start;
        for (int label = 0; label < MPLS_LABELS && offset + 5 <= frame.length(); label++, offset += 4) {
            boolean bottom = (frame.byteAt(offset + 2) & 1) != 0;
            if (bottom) {
                return switch (frame.unsignedByteAt(offset + 4) >>> 4) {
                    case 4 -> ipv4(frame, offset + 4);
                    case 6 -> ipv6(frame, offset + 4);
                    default -> mac(frame);
                };
            }
        }
        return mac(frame);
    }

    private static long ipv4(Frame frame, int start) {
        if (start + IPV4_HEADER > frame.length() || frame.unsignedByteAt(start) >>> 4 != 4) {
            return mac(frame);
        }
        int protocol = frame.unsignedByteAt(start + 9);
        boolean fragment = (frame.unsignedShortAt(start + 6) & 0x3fff) != 0; // more fragments, or an offset
        int headerBytes = (frame.byteAt(start) & 0xf) * 4;
        boolean ported = !fragment && headerBytes >= IPV4_HEADER;
        return packed(frame, IPV4, start, protocol, ported ? start + headerBytes : 0);
    }

    private static long ipv6(Frame frame, int start) {
        if (start + IPV6_HEADER > frame.length() || frame.unsignedByteAt(start) >>> 4 != 6) {
            return mac(frame);
        }
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
                        return packed(frame, IPV6, start, FRAGMENT, 0);
                    }
                    offset += 8;
                }
                default -> {
                    return packed(frame, IPV6, start, protocol, offset);
                }
            }
        }
        return packed(frame, IPV6, start, protocol, 0);
    }

    private static long packed(Frame frame, int kind, int start, int protocol, int ports) {
        boolean ported = ports > 0 && ports + 4 <= frame.length() && hasPorts(protocol);
        return (long) kind << KIND_SHIFT
                | (long) start << HEADER_SHIFT
                | (ported ? (long) ports << PORTS_SHIFT : 0)
                | protocol;
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
    }

    private static long mac(Frame frame) {
        return (long) (frame.length() < MAC_HEADER ? NONE : MAC) << KIND_SHIFT;
    }
}
