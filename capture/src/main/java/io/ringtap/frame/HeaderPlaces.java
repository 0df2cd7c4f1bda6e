package io.ringtap.frame;

/** The places of one level's headers, as {@link HeaderWalk} finds them; what {@link Headers} reads from. Offsets are -1 for none. */
final class HeaderPlaces {
    // Kinds of network headers, as numbers: an object's field for an enum costs a collector's barrier at each frame.
    static final int NONE = 0;
    static final int ARP = 1;
    static final int IPV4 = 2;
    static final int IPV6 = 3;

    // Faults, as numbers too: 0 is none.
    static final int CUT = 1;
    static final int MALFORMED = 2;

    static final int TCP = 6;
    static final int UDP = 17;
    static final int GRE = 47;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /** Where the length of TCP's header is, in its upper four bits. */
    private static final int TCP_LENGTH = 12;

    /** Who reads from it. */
    final Headers level;

    final Frame frame;
    final TunnelPorts ports;

    /** Captured bytes of this level end here: at what a header says, if that is less. */
    int end;

    /** Where they would end without the snaplen. */
    int fullEnd;

    int linkAt;

    /** The type behind all tags. */
    int typeAt;

    int tags;
    int pppoeAt;
    int labelsAt;
    int network;
    int networkAt;
    int protocol;
    boolean fragment;
    int transportAt;
    int portsAt;

    /** Behind the last header below the transport. */
    int restAt;

    /** 0 for none. */
    int fault;

    int faultAt;

    HeaderPlaces(Headers level, Frame frame, TunnelPorts ports) {
        this.level = level;
        this.frame = frame;
        this.ports = ports;
    }

    /** Nothing is found yet, in bytes that end here. */
    void begin(int captured, int full) {
        end = captured;
        fullEnd = full;
        linkAt = -1;
        typeAt = -1;
        tags = 0;
        pppoeAt = -1;
        labelsAt = -1;
        network = NONE;
        networkAt = -1;
        protocol = -1;
        fragment = false;
        transportAt = -1;
        portsAt = -1;
        restAt = -1;
        fault = 0;
    }

    /** Returns whether there are addresses of IPv4 or IPv6. */
    boolean isIp() {
        return network >= IPV4;
    }

    /** Returns whether fewer than {@code bytes} were captured from an offset on, and notes that as a fault. */
    boolean lacks(int at, int bytes) {
        if (at + bytes <= end) {
            return false;
        }
        fault(at, at + bytes <= fullEnd ? CUT : MALFORMED);
        return true;
    }

    /** Notes that a header cannot be. */
    void malformed(int at) {
        fault(at, MALFORMED);
    }

    /** Notes a fault; the first stays. */
    void fault(int at, int kind) {
        if (fault == 0) {
            fault = kind;
            faultAt = at;
        }
    }

    /** A header says where what it holds ends: what is behind is padding, or somebody else's. */
    void limit(int headerAt, int saidEnd) {
        if (saidEnd > fullEnd) {
            malformed(headerAt);
        }
        end = Math.min(end, saidEnd);
        fullEnd = Math.min(fullEnd, saidEnd);
    }

    /** Returns false if it is sure that no level is inside: what most frames need no further look for. */
    boolean mayCarry() {
        if (portsAt < 0) {
            return true;
        }
        if (protocol != UDP) {
            return false;
        }
        int both = frame.intAt(portsAt);
        return ports.mayBe(both >>> 16) || ports.mayBe(both & 0xffff);
    }

    boolean isIcmp() {
        return transportAt >= 0 && protocol == (network == IPV4 ? ICMP : ICMPV6);
    }

    /** The offset behind the last header that is known; it may lie behind the end, where the last is cut. */
    int behindHeaders() {
        return transportAt < 0 ? Math.max(restAt, 0) : transportAt + transportBytes();
    }

    /** Of TCP whose header is cut before its length, as if it had no options. */
    private int transportBytes() {
        if (portsAt < 0) {
            return isIcmp() ? 8 : 0;
        }
        return switch (protocol) {
            case TCP ->
                portsAt + TCP_LENGTH < end ? Math.max(20, (frame.unsignedByteAt(portsAt + TCP_LENGTH) >>> 4) * 4) : 20;
            case SCTP -> 12;
            default -> 8;
        };
    }

    /** The fault of what is behind IP; 0 for none. Of a fragment nothing can be told. */
    int transportFault() {
        if (transportAt < 0 || fragment) {
            return 0;
        }
        int behind = behindHeaders();
        if (behind > fullEnd) {
            return MALFORMED;
        }
        if (behind > end) {
            return CUT;
        }
        return portsAt >= 0 && isImpossible() ? MALFORMED : 0;
    }

    /** Returns whether a header that is there says of itself what cannot be. */
    private boolean isImpossible() {
        return switch (protocol) {
            case TCP -> frame.unsignedByteAt(transportAt + TCP_LENGTH) >>> 4 < 5;
            case UDP -> {
                int length = frame.unsignedShortAt(transportAt + 4);
                yield length != 0 && (length < 8 || transportAt + length > fullEnd);
            }
            default -> false;
        };
    }

    static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
    }
}
