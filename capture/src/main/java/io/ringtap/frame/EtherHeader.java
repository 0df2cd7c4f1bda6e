package io.ringtap.frame;

/** Walks the Ethernet header: two addresses, VLAN tags, the EtherType. No length in it is believed. */
public final class EtherHeader {
    /** VLAN tags looked behind; QinQ has two, and more than four is not seen outside attacks on parsers. */
    static final int MAX_TAGS = 4;

    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;
    static final int MPLS_UNICAST = 0x8847;
    static final int MPLS_MULTICAST = 0x8848;

    /** IEEE 802.3: a value below this in the type field is a length. */
    private static final int FIRST_ETHERTYPE = 0x0600;

    /** 802.1Q. IPv4 and ARP are below it: most frames need no further look. */
    private static final int FIRST_TAG = 0x8100;

    private static final int TYPE_OFFSET = 12;
    private static final int TAG_BYTES = 4;

    private EtherHeader() {}

    /** Returns the offset of the type field behind all tags, four at most; -1 if the frame ends before it. */
    public static int typeOffset(Frame frame) {
        int offset = TYPE_OFFSET;
        for (int tags = 0; offset + 2 <= frame.length(); tags++) {
            if (tags == MAX_TAGS || !isTag(frame.unsignedShortAt(offset))) {
                return offset;
            }
            offset += TAG_BYTES;
        }
        return -1;
    }

    /** The offset of a tag's priority and id; -1 if there is no such tag before {@link #typeOffset}. */
    static int tagOffset(Frame frame, int tag) {
        int offset = TYPE_OFFSET + TAG_BYTES * tag;
        return offset < typeOffset(frame) ? offset + 2 : -1;
    }

    static int etherType(Frame frame) {
        int length = frame.length();
        int tags = 0;
        for (int offset = TYPE_OFFSET; offset + 2 <= length; offset += TAG_BYTES) {
            int type = frame.unsignedShortAt(offset);
            if (tags == MAX_TAGS || !isTag(type)) {
                return type < FIRST_ETHERTYPE ? Frame.ETHERTYPE_LENGTH : type;
            }
            tags++;
        }
        return Frame.ETHERTYPE_LENGTH;
    }

    /** Returns whether a type announces a tag: 802.1Q, 802.1ad (service tag), or a number used before 802.1ad was one. */
    public static boolean isTag(int type) {
        return type >= FIRST_TAG && (type == FIRST_TAG || type == 0x88a8 || type == 0x9100 || type == 0x9200);
    }
}
