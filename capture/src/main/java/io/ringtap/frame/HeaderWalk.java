package io.ringtap.frame;

/**
 * Finds the headers of one level, from its first byte on. A method that is asked for an IP header says whether there was one.
 * Field widths and numbers: IEEE 802.3 and 802.1Q, RFC 791, 8200, 3032, 2516, 4302.
 */
final class HeaderWalk {
    /** IEEE 802.3: a value below this in the type field is a length. */
    static final int FIRST_ETHERTYPE = 0x0600;

    static final int TYPE_OFFSET = 12;
    static final int ETHERNET_BYTES = 14;
    static final int IPV4_BYTES = 20;
    static final int IPV6_BYTES = 40;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_IPV6 = 0x86dd;
    static final int TYPE_MPLS = 0x8847;
    static final int TYPE_MPLS_MULTICAST = 0x8848;
    private static final int TYPE_PPPOE_SESSION = 0x8864;

    /** IEEE 802.1BR has 0x893f; Cisco's VN-tag, of six bytes with its type, has this. */
    private static final int TYPE_VN_TAG = 0x8926;

    /** Type, version and header length of IPv4 without options. */
    private static final int PLAIN = TYPE_IPV4 << 8 | 0x45;

    /** To the end of the ports. */
    private static final int PLAIN_BYTES = ETHERNET_BYTES + IPV4_BYTES + 4;

    private static final int TYPE_TAG = 0x8100;
    private static final int TAG_BYTES = 4;
    private static final int VN_TAG_BYTES = 6;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    /** The shortest frame on the link, with its check sequence: what IP does not fill of it is padding. */
    private static final int SHORTEST_FRAME = 64;

    private static final int CHECK_SEQUENCE = 4;

    private HeaderWalk() {}

    /** Returns whether a type announces a VLAN tag: 802.1Q, 802.1ad, or a number used before 802.1ad was one. */
    static boolean isTag(int type) {
        return type == TYPE_TAG || type == 0x88a8 || type == 0x9100 || type == 0x9200;
    }

    /** Bytes from a tag's type to the next type; 0 if a type announces no tag. */
    private static int tagBytes(int type) {
        if (type < TYPE_TAG) { // IPv4 and ARP: most frames need no further look
            return 0;
        }
        return isTag(type) ? TAG_BYTES : type == TYPE_VN_TAG ? VN_TAG_BYTES : 0;
    }

    /** Returns {@link Frame#etherType()} without a look at what is behind it. */
    static int etherType(Frame frame) {
        int length = frame.length();
        for (int at = TYPE_OFFSET; at + 2 <= length; ) {
            int type = frame.unsignedShortAt(at);
            int tag = tagBytes(type);
            if (tag == 0) {
                return type < FIRST_ETHERTYPE ? Frame.ETHERTYPE_LENGTH : type;
            }
            at += tag;
        }
        return Frame.ETHERTYPE_LENGTH;
    }

    /** Finds the headers of a level that begins with an Ethernet header. */
    static void ethernet(HeaderPlaces h, int at) {
        if (!plain(h, at)) {
            anyEthernet(h, at);
        }
    }

    /**
     * Finds in two looks what {@link #anyEthernet} would, where a frame is as most are: without tags, IPv4 without options and no
     * fragment of a datagram, TCP, UDP or GRE, nothing that cannot be. Else it finds nothing and returns false.
     */
    private static boolean plain(HeaderPlaces h, int at) {
        if (at + PLAIN_BYTES > h.end) {
            return false;
        }
        long first =
                h.frame.longAt(at + TYPE_OFFSET); // EtherType, version and length, type of service, total length, id
        long second = h.frame.longAt(at + TYPE_OFFSET + 8); // fragment, time to live, protocol, checksum, source
        int total = (int) first >>> 16;
        int protocol = (int) (second >>> 32) & 0xff;
        boolean ports = protocol == HeaderPlaces.TCP || protocol == HeaderPlaces.UDP;
        int ip = at + ETHERNET_BYTES;
        if (first >>> 40 != PLAIN
                || (second >>> 48 & 0x3fff) != 0
                || !(ports || protocol == HeaderPlaces.GRE)
                || total < PLAIN_BYTES - ETHERNET_BYTES
                || ip + total > h.fullEnd) {
            return false;
        }
        h.linkAt = at;
        h.typeAt = at + TYPE_OFFSET;
        h.network = HeaderPlaces.IPV4;
        h.networkAt = ip;
        h.protocol = protocol;
        h.transportAt = ip + IPV4_BYTES;
        h.portsAt = ports ? ip + IPV4_BYTES : -1;
        h.restAt = ip + IPV4_BYTES;
        h.fullEnd = ip + total;
        h.end = Math.min(h.end, ip + total);
        return true;
    }

    /** Finds what {@link #ethernet} does, whatever it is. */
    static void anyEthernet(HeaderPlaces h, int at) {
        h.linkAt = at;
        if (h.lacks(at, TYPE_OFFSET)) {
            return;
        }
        int typeAt = at + TYPE_OFFSET;
        h.typeAt = typeAt;
        if (h.lacks(typeAt, 2)) {
            return;
        }
        int type = h.frame.unsignedShortAt(typeAt);
        for (int tag = tagBytes(type); tag != 0; tag = tagBytes(type)) {
            if (h.lacks(typeAt + tag, 2)) {
                return;
            }
            h.tags += tag == TAG_BYTES ? 1 : 0;
            typeAt += tag;
            type = h.frame.unsignedShortAt(typeAt);
        }
        h.typeAt = typeAt;
        h.restAt = typeAt + 2;
        if (type < FIRST_ETHERTYPE) {
            length(h, type);
        } else {
            network(h, type, h.restAt);
        }
    }

    /** The offset of a tag's priority and id. */
    static int tagControl(HeaderPlaces h, int number) {
        int at = h.linkAt + TYPE_OFFSET;
        for (int left = number; ; ) {
            int tag = tagBytes(h.frame.unsignedShortAt(at));
            if (tag == TAG_BYTES && left-- == 0) {
                return at + 2;
            }
            at += tag;
        }
    }

    private static void network(HeaderPlaces h, int type, int at) {
        switch (type) {
            case TYPE_IPV4 -> ipv4(h, at);
            case TYPE_IPV6 -> ipv6(h, at);
            case TYPE_ARP -> arp(h, at);
            case TYPE_MPLS, TYPE_MPLS_MULTICAST -> mpls(h, at);
            case TYPE_PPPOE_SESSION -> pppoe(h, at);
            default -> {}
        }
    }

    /** IEEE 802.3: behind a length is LLC, and with SNAP (RFC 1042) an EtherType again. */
    private static void length(HeaderPlaces h, int length) {
        int at = h.restAt;
        h.limit(h.typeAt, at + length);
        if (h.end - at >= 8 && h.frame.intAt(at) == 0xaaaa_0300 && h.frame.unsignedShortAt(at + 4) == 0) {
            h.restAt = at + 8;
            network(h, h.frame.unsignedShortAt(at + 6), at + 8);
        }
    }

    private static void arp(HeaderPlaces h, int at) {
        if (!h.lacks(at, 8)) {
            h.network = HeaderPlaces.ARP;
            h.networkAt = at;
            h.restAt = at + 8;
        }
    }

    private static void pppoe(HeaderPlaces h, int at) {
        if (h.lacks(at, 8)) {
            return;
        }
        if (h.frame.unsignedShortAt(at) != 0x1100) { // version 1, type 1, session data
            h.malformed(at);
            return;
        }
        h.pppoeAt = at;
        h.limit(at, at + 6 + h.frame.unsignedShortAt(at + 4));
        if (h.lacks(at, 8)) {
            return;
        }
        int protocol = h.frame.unsignedShortAt(at + 6);
        boolean compressed = (protocol & 0x100) != 0; // RFC 1661, 6.5: an odd first byte is the whole number
        int behind = at + (compressed ? 7 : 8);
        h.restAt = behind;
        switch (compressed ? protocol >>> 8 : protocol) {
            case 0x21 -> ipv4(h, behind);
            case 0x57 -> ipv6(h, behind);
            case 0x281 -> mpls(h, behind);
            default -> {}
        }
    }

    static void mpls(HeaderPlaces h, int at) {
        if (h.lacks(at, 4)) {
            return;
        }
        h.labelsAt = at;
        int label = at;
        while ((h.frame.byteAt(label + 2) & 1) == 0) {
            label += 4;
            if (h.lacks(label, 4)) {
                return;
            }
        }
        int behind = label + 4;
        h.restAt = behind;
        if (behind < h.end) {
            switch (h.frame.unsignedByteAt(behind) >>> 4) {
                case 4 -> ipv4BehindLabels(h, behind);
                case 6 -> ipv6BehindLabels(h, behind);
                default -> {} // a pseudowire, perhaps: TunnelWalk looks
            }
        }
    }

    /**
     * Nothing says what is behind labels. A MAC address that begins with 4 can look like IPv4: so its length must be that of
     * the packet, or its checksum right. Both stay as they are when its addresses change places.
     */
    private static void ipv4BehindLabels(HeaderPlaces h, int at) {
        if (at + IPV4_BYTES > h.end) {
            h.lacks(at, IPV4_BYTES);
            return;
        }
        int headerBytes = (h.frame.unsignedByteAt(at) & 0xf) * 4;
        int total = h.frame.unsignedShortAt(at + 2);
        if (at + total == h.fullEnd || isSum(h, at, headerBytes)) {
            ipv4(h, at);
        }
    }

    private static boolean isSum(HeaderPlaces h, int at, int headerBytes) {
        if (headerBytes < IPV4_BYTES || at + headerBytes > h.end) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < headerBytes; i += 2) {
            sum += h.frame.unsignedShortAt(at + i);
        }
        return sum != 0 && sum % 0xffff == 0;
    }

    private static void ipv6BehindLabels(HeaderPlaces h, int at) {
        if (h.lacks(at, IPV6_BYTES)) {
            return;
        }
        int payload = h.frame.unsignedShortAt(at + 4);
        int behind = h.fullEnd - at - IPV6_BYTES - payload;
        boolean hopsLeft = h.frame.byteAt(at + 7) != 0;
        boolean ends = behind >= 0 && (behind <= CHECK_SEQUENCE || h.fullEnd <= SHORTEST_FRAME);
        if (hopsLeft && ends) {
            ipv6(h, at);
        }
    }

    /** Returns whether there is an IPv4 header, whose addresses can be read. */
    static boolean ipv4(HeaderPlaces h, int at) {
        if (h.lacks(at, IPV4_BYTES)) {
            return false;
        }
        long first = h.frame.longAt(at); // version and length, type of service, total length, id, fragment
        if (first >>> 60 != 4) {
            h.malformed(at);
            return false;
        }
        h.network = HeaderPlaces.IPV4;
        h.networkAt = at;
        h.protocol = h.frame.unsignedByteAt(at + 9);
        int fragmentBits = (int) first & 0x3fff; // more fragments, and an offset
        h.fragment = fragmentBits != 0;
        int headerBytes = (int) (first >>> 56 & 0xf) * 4;
        int total = (int) (first >>> 32) & 0xffff;
        h.restAt = at + IPV4_BYTES;
        if (headerBytes < IPV4_BYTES || (total < headerBytes && total != 0)) {
            h.malformed(at);
            return true;
        }
        if (total != 0) { // a card that cuts segments itself (TSO) is given 0
            h.limit(at, at + total);
        }
        h.restAt = at + headerBytes;
        if ((fragmentBits & 0x1fff) == 0) {
            transport(h, at + headerBytes);
        }
        return true;
    }

    /** Returns whether there is an IPv6 header, whose addresses can be read. */
    static boolean ipv6(HeaderPlaces h, int at) {
        if (h.lacks(at, IPV6_BYTES)) {
            return false;
        }
        Frame frame = h.frame;
        if (frame.unsignedByteAt(at) >>> 4 != 6) {
            h.malformed(at);
            return false;
        }
        h.network = HeaderPlaces.IPV6;
        h.networkAt = at;
        h.protocol = frame.unsignedByteAt(at + 6);
        int payload = frame.unsignedShortAt(at + 4);
        if (payload != 0) { // 0: a jumbogram, or one for a card that cuts segments itself
            h.limit(at, at + IPV6_BYTES + payload);
        }
        extensions(h, at + IPV6_BYTES);
        return true;
    }

    private static void extensions(HeaderPlaces h, int first) {
        Frame frame = h.frame;
        int at = first;
        while (true) {
            h.restAt = at;
            switch (h.protocol) {
                case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> {
                    if (h.lacks(at, 8)) {
                        return;
                    }
                    h.protocol = frame.unsignedByteAt(at);
                    at += 8 + 8 * frame.unsignedByteAt(at + 1);
                }
                case FRAGMENT -> {
                    if (h.lacks(at, 8)) {
                        return;
                    }
                    h.protocol = frame.unsignedByteAt(at);
                    int offsetAndMore = frame.unsignedShortAt(at + 2) & 0xfff9;
                    h.fragment |= offsetAndMore != 0;
                    at += 8;
                    if (offsetAndMore > 1) {
                        h.restAt = at;
                        return;
                    }
                }
                default -> {
                    transport(h, at);
                    return;
                }
            }
        }
    }

    private static void transport(HeaderPlaces h, int first) {
        int at = first;
        while (h.protocol == AUTHENTICATION) {
            if (h.lacks(at, 8)) {
                return;
            }
            h.protocol = h.frame.unsignedByteAt(at);
            at += 8 + 4 * h.frame.unsignedByteAt(at + 1);
        }
        if (h.lacks(at, 0)) {
            return;
        }
        h.transportAt = at;
        h.restAt = at;
        if (HeaderPlaces.hasPorts(h.protocol) && !h.lacks(at, 4)) {
            h.portsAt = at;
        }
    }
}
