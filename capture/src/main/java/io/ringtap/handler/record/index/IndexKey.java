package io.ringtap.handler.record.index;

/** Numbers for what a frame may be found by. The same number may stand for two things; the same thing has one number. */
public final class IndexKey {
    private static final long HOST4 = 1L << 56;
    private static final long HOST6 = 2L << 56;
    private static final long NET4 = 3L << 56;
    private static final long NET6 = 4L << 56;
    private static final long PORT = 5L << 56;
    private static final long PROTOCOL = 6L << 56;
    private static final long TYPE = 7L << 56;
    private static final long STATION = 8L << 56;
    private static final long VLAN = 9L << 56;
    private static final long LABEL = 10L << 56;
    private static final long SESSION = 11L << 56;
    private static final long GENEVE = 12L << 56;
    private static final long VXLAN = 13L << 56;

    private IndexKey() {}

    /** An IPv4 address, source or destination, of IP, ARP or RARP. */
    public static long host4(int address) {
        return mixed(HOST4 | (address & 0xffff_ffffL));
    }

    /** An IPv6 address. */
    public static long host6(long high, long low) {
        return mixed(HOST6 ^ high ^ mixed(low));
    }

    /**
     * The beginning of an IPv4 address.
     *
     * @param bits 8, 16 or 24
     */
    public static long net4(int address, int bits) {
        return mixed(NET4 | (long) bits << 32 | address >>> (32 - bits));
    }

    /**
     * The beginning of an IPv6 address.
     *
     * @param bits 32, 48 or 64
     */
    public static long net6(long high, int bits) {
        return mixed(mixed(NET6 | bits) ^ high >>> (64 - bits));
    }

    /** A port of TCP, UDP or SCTP. */
    public static long port(int port) {
        return mixed(PORT | port);
    }

    /** A protocol of IP, by its IANA number. */
    public static long protocol(int number) {
        return mixed(PROTOCOL | number);
    }

    /** An EtherType, of a tag too. */
    public static long type(int etherType) {
        return mixed(TYPE | etherType);
    }

    /** A MAC address, in the low 48 bits. */
    public static long station(long mac) {
        return mixed(STATION | mac);
    }

    /** The id of a VLAN tag. */
    public static long vlan(int id) {
        return mixed(VLAN | id);
    }

    /** A label of MPLS. */
    public static long label(int label) {
        return mixed(LABEL | label);
    }

    /** A session of PPPoE. */
    public static long session(int session) {
        return mixed(SESSION | session);
    }

    /** A virtual network of Geneve. */
    public static long geneve(int network) {
        return mixed(GENEVE | network);
    }

    /** A virtual network of VXLAN. */
    public static long vxlan(int network) {
        return mixed(VXLAN | network);
    }

    /** Stafford's mix 13, of which every bit in changes half of those out. */
    private static long mixed(long value) {
        long x = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }
}
