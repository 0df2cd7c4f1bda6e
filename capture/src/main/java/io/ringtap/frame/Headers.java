package io.ringtap.frame;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a borrowed frame, and of what is inside of it: a view that allocates nothing once it was used, valid as long as
 * its frame, on the same thread. It is decoded when a handler first asks for it, and shared by all handlers of the thread.
 *
 * <p>A level is an Ethernet header (where there is one) with all VLAN tags, MPLS labels and PPPoE behind it, then ARP, IPv4 or IPv6
 * with options or extension headers, then TCP, UDP, SCTP or ICMP. {@link #inner()} is the level inside a {@link Tunnel}. Nothing
 * that a header says is believed: every offset lies within the captured bytes, and {@link #fault()} tells what is cut or malformed.
 *
 * <p>Offsets count from the frame's first byte, on every level.
 */
public final class Headers {
    /** More levels than that have no use, and would let a stranger's frame take as long as it likes. */
    public static final int MOST_LEVELS = 8;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MACS_BYTES = 12;

    /** IPv6 fragment header: every fragment of a datagram, the first too, is of this "protocol" in its conversation. */
    private static final int FRAGMENT = 44;

    private static final Network[] NETWORKS = Network.values(); // by their numbers
    private static final Fault[] FAULTS = Fault.values(); // by their numbers

    private final Frame frame;
    private final TunnelPorts ports;
    private final HeaderPlaces found;
    private final int level;
    private final @Nullable Headers outer;
    private @Nullable Headers next;
    private boolean innerKnown;
    private boolean innerSeen;

    private @Nullable Tunnel tunnel;
    private long tunnelId;
    private long tunnelSequence;

    /** The network header of a level. */
    public enum Network {
        /** None that is known. */
        NONE,
        /** ARP, of any addresses. */
        ARP,
        /** IPv4: its fixed header was captured. */
        IPV4,
        /** IPv6: its fixed header was captured. */
        IPV6
    }

    /** The reason why headers end early. */
    public enum Fault {
        /** There is none. */
        NONE,
        /** The snaplen cut the frame within a header. */
        CUT,
        /** A header cannot be as it says, or goes on beyond the frame's end on the link. */
        MALFORMED
    }

    private Headers(Frame frame, TunnelPorts ports, @Nullable Headers outer) {
        this.frame = frame;
        this.ports = ports;
        this.outer = outer;
        found = new HeaderPlaces(this, frame, ports);
        level = outer == null ? 0 : outer.level + 1;
    }

    /**
     * A view for a frame object that is moved from frame to frame: {@link #decode()} makes it tell of where the object is.
     *
     * @param ports the ports that tunnels are known by
     */
    public static Headers over(Frame frame, TunnelPorts ports) {
        return new Headers(frame, ports, null);
    }

    /** Decodes the frame as it is now, and returns this. */
    public Headers decode() {
        begin(frame.length(), Math.max(frame.length(), frame.originalLength()));
        HeaderWalk.ethernet(found, 0);
        return this;
    }

    private void begin(int captured, int full) {
        found.begin(captured, full);
        innerKnown = false;
    }

    // ---- levels

    /** Returns the level inside this one's tunnel; null if it carries none, or its addresses were not captured. */
    public @Nullable Headers inner() {
        if (!innerKnown) {
            innerKnown = true;
            innerSeen = found.mayCarry() && level + 1 < MOST_LEVELS && TunnelWalk.enter(found);
        }
        return innerSeen ? next : null;
    }

    /** Returns the level that this one is inside of; null for a frame's outermost. */
    public @Nullable Headers outer() {
        return outer;
    }

    /** Returns the deepest level that can be seen, which is this one where nothing is inside. */
    public Headers innermost() {
        Headers deepest = this;
        for (Headers in = inner(); in != null; in = in.inner()) {
            deepest = in;
        }
        return deepest;
    }

    /** The levels outside of this one: 0 for a frame's outermost. */
    public int level() {
        return level;
    }

    /** Returns what this level is carried in; null for the outermost. */
    public @Nullable Tunnel tunnel() {
        return outer == null ? null : tunnel;
    }

    /** The id in the header of the tunnel that this level is carried in, 32 bits without sign; -1 if that has none. */
    public long tunnelId() {
        return outer == null ? -1 : tunnelId;
    }

    /** The sequence number in the header of the tunnel (GRE, ERSPAN), 32 bits without sign; -1 if that has none. */
    public long tunnelSequence() {
        return outer == null ? -1 : tunnelSequence;
    }

    /** Begins the level inside, of the bytes up to this one's end, and returns where to write what is found. */
    HeaderPlaces enter(Tunnel kind, long id, long sequence) {
        Headers in = next;
        if (in == null) {
            in = new Headers(frame, ports, this);
            next = in;
        }
        in.begin(found.end, found.fullEnd);
        in.tunnel = kind;
        in.tunnelId = id;
        in.tunnelSequence = sequence;
        return in.found;
    }

    // ---- Ethernet

    /** Returns whether this level has MAC addresses, which what is carried as bare IP has not. */
    public boolean hasMacs() {
        return found.linkAt >= 0 && found.typeAt >= found.linkAt + MACS_BYTES;
    }

    /** The offset of the Ethernet header; -1 if there is none. */
    public int linkOffset() {
        return found.linkAt;
    }

    /** The source MAC address, in the low 48 bits; -1 if there is none. */
    public long sourceMac() {
        return hasMacs() ? frame.longAt(found.linkAt + 4) & 0xffff_ffff_ffffL : -1;
    }

    /** The destination MAC address, in the low 48 bits; -1 if there is none. */
    public long destinationMac() {
        return hasMacs() ? frame.longAt(found.linkAt) >>> 16 : -1;
    }

    /** The EtherType behind all tags; {@link Frame#ETHERTYPE_LENGTH} for an 802.3 length; -1 if there is none. */
    public int etherType() {
        if (found.typeAt < 0 || found.restAt < 0) {
            return -1;
        }
        int type = frame.unsignedShortAt(found.typeAt);
        return type < HeaderWalk.FIRST_ETHERTYPE ? Frame.ETHERTYPE_LENGTH : type;
    }

    /** Returns whether a type announces a VLAN tag: 802.1Q, 802.1ad, or a number used before 802.1ad was one. */
    public static boolean isVlanTag(int type) {
        return HeaderWalk.isTag(type);
    }

    /** How many VLAN tags (802.1Q, 802.1ad, and 0x9100 and 0x9200 of old) there are. */
    public int vlanTags() {
        return found.tags;
    }

    /** The id in a VLAN tag, 0 the outermost; 0 if there is no such tag, or it holds a priority alone. */
    public int vlan(int tag) {
        return tag < found.tags ? frame.unsignedShortAt(HeaderWalk.tagControl(found, tag)) & 0xfff : 0;
    }

    /** The priority in a VLAN tag, 0 to 7; -1 if there is no such tag. */
    public int vlanPriority(int tag) {
        return tag < found.tags ? frame.unsignedByteAt(HeaderWalk.tagControl(found, tag)) >>> 5 : -1;
    }

    /** The type that announces a VLAN tag, such as 0x8100 or 0x88a8; -1 if there is no such tag. */
    public int vlanType(int tag) {
        return tag < found.tags ? frame.unsignedShortAt(HeaderWalk.tagControl(found, tag) - 2) : -1;
    }

    /** The session of PPPoE; -1 if there is none. */
    public int pppoeSession() {
        return found.pppoeAt < 0 ? -1 : frame.unsignedShortAt(found.pppoeAt + 2);
    }

    /** How many MPLS labels there are. */
    public int mplsLabels() {
        int count = 0;
        for (int at = found.labelsAt; at >= 0; at += 4) {
            count++;
            if ((frame.byteAt(at + 2) & 1) != 0 || at + 8 > found.end) {
                break;
            }
        }
        return count;
    }

    /** An MPLS label, 0 the outermost; -1 if there is no such. */
    public int mplsLabel(int index) {
        return index < mplsLabels() ? frame.intAt(found.labelsAt + 4 * index) >>> 12 : -1;
    }

    // ---- network

    /** Returns which network header there is. */
    public Network network() {
        return NETWORKS[found.network];
    }

    /** The number of {@link #network()} in {@link HeaderPlaces}. */
    int networkKind() {
        return found.network;
    }

    /** Returns whether the fixed header of IPv4 or IPv6 was captured: there are addresses. */
    public boolean isIp() {
        return found.isIp();
    }

    /** The offset of the network header; -1 if there is none. */
    public int networkOffset() {
        return found.networkAt;
    }

    /** The source address: of IPv6 the upper half, of IPv4 0. Not to be asked unless {@link #isIp()}. */
    public long sourceHigh() {
        return found.network == HeaderPlaces.IPV6 ? frame.longAt(found.networkAt + 8) : 0;
    }

    /** The source address: of IPv6 the lower half, of IPv4 its 32 bits without sign; 0 without IP. */
    public long sourceLow() {
        return switch (found.network) {
            case HeaderPlaces.IPV4 -> frame.intAt(found.networkAt + 12) & 0xffff_ffffL;
            case HeaderPlaces.IPV6 -> frame.longAt(found.networkAt + 16);
            default -> 0;
        };
    }

    /** The destination address, as {@link #sourceHigh()}. */
    public long destinationHigh() {
        return found.network == HeaderPlaces.IPV6 ? frame.longAt(found.networkAt + 24) : 0;
    }

    /** The destination address, as {@link #sourceLow()}. */
    public long destinationLow() {
        return switch (found.network) {
            case HeaderPlaces.IPV4 -> frame.intAt(found.networkAt + 16) & 0xffff_ffffL;
            case HeaderPlaces.IPV6 -> frame.longAt(found.networkAt + 32);
            default -> 0;
        };
    }

    /** Both addresses of IPv4, the source's in the upper half. */
    long ipv4Addresses() {
        return frame.longAt(found.networkAt + 12);
    }

    /** The source address as text: IPv4, IPv6 or else MAC; empty if there is none. Allocates. */
    public String source() {
        return addressText(true);
    }

    /** The destination address as text: IPv4, IPv6 or else MAC; empty if there is none. Allocates. */
    public String destination() {
        return addressText(false);
    }

    private String addressText(boolean source) {
        StringBuilder text = new StringBuilder();
        long high = source ? sourceHigh() : destinationHigh();
        long low = source ? sourceLow() : destinationLow();
        switch (found.network) {
            case HeaderPlaces.IPV4 -> AddressText.ipv4(text, low);
            case HeaderPlaces.IPV6 -> AddressText.ipv6(text, high, low);
            default -> {
                if (hasMacs()) {
                    AddressText.mac(text, source ? sourceMac() : destinationMac());
                }
            }
        }
        return text.toString();
    }

    /** The time to live of IPv4, the hop limit of IPv6; -1 without IP. */
    public int timeToLive() {
        return isIp() ? frame.unsignedByteAt(found.networkAt + (found.network == HeaderPlaces.IPV4 ? 8 : 7)) : -1;
    }

    /** IPv4's type of service, IPv6's traffic class: 8 bits; -1 without IP. */
    public int trafficClass() {
        if (!isIp()) {
            return -1;
        }
        return found.network == HeaderPlaces.IPV4
                ? frame.unsignedByteAt(found.networkAt + 1)
                : frame.unsignedShortAt(found.networkAt) >>> 4 & 0xff;
    }

    /** The protocol behind options, extension headers and AH, by its IANA number; -1 without IP. */
    public int protocol() {
        return found.protocol;
    }

    /** Returns whether it is a fragment of a datagram, be it the first. */
    public boolean isFragment() {
        return found.fragment;
    }

    /** The operation of ARP: 1 asks, 2 answers; -1 without ARP. */
    public int arpOperation() {
        return found.network == HeaderPlaces.ARP ? frame.unsignedShortAt(found.networkAt + 6) : -1;
    }

    // ---- transport

    /** The offset of what is behind IP's headers, be it TCP or unknown; -1 without IP, and in a fragment that is not the first. */
    public int transportOffset() {
        return found.transportAt;
    }

    /** Returns whether it is TCP, and its ports were captured. */
    public boolean isTcp() {
        return found.protocol == TCP && found.portsAt >= 0;
    }

    /** Returns whether it is UDP, and its ports were captured. */
    public boolean isUdp() {
        return found.protocol == UDP && found.portsAt >= 0;
    }

    /** The source port of TCP, UDP, UDP-Lite or SCTP; -1 if there is none. A datagram's first fragment has one. */
    public int sourcePort() {
        return found.portsAt < 0 ? -1 : frame.unsignedShortAt(found.portsAt);
    }

    /** The destination port, as {@link #sourcePort()}. */
    public int destinationPort() {
        return found.portsAt < 0 ? -1 : frame.unsignedShortAt(found.portsAt + 2);
    }

    /** Both ports, the source's in the upper half. Not to be asked unless {@link #hasFlowPorts()}. */
    int ports() {
        return frame.intAt(found.portsAt);
    }

    /** The flags of TCP: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128; -1 if there are none. */
    public int tcpFlags() {
        return isTcp() && found.portsAt + 14 <= found.end ? frame.unsignedByteAt(found.portsAt + 13) : -1;
    }

    /** The sequence number of TCP, 32 bits without sign; -1 if there is none. */
    public long tcpSequence() {
        return isTcp() && found.portsAt + 8 <= found.end ? frame.intAt(found.portsAt + 4) & 0xffff_ffffL : -1;
    }

    /** The acknowledgment number of TCP, 32 bits without sign; -1 if there is none. */
    public long tcpAcknowledgment() {
        return isTcp() && found.portsAt + 12 <= found.end ? frame.intAt(found.portsAt + 8) & 0xffff_ffffL : -1;
    }

    /** The window field of TCP, not scaled; -1 if there is none. */
    public int tcpWindow() {
        return isTcp() && found.portsAt + 16 <= found.end ? frame.unsignedShortAt(found.portsAt + 14) : -1;
    }

    /** The type of ICMP or ICMPv6; -1 if there is none. */
    public int icmpType() {
        return found.isIcmp() && found.transportAt < found.end ? frame.unsignedByteAt(found.transportAt) : -1;
    }

    /** The code of ICMP or ICMPv6; -1 if there is none. */
    public int icmpCode() {
        return found.isIcmp() && found.transportAt + 1 < found.end ? frame.unsignedByteAt(found.transportAt + 1) : -1;
    }

    /** The offset behind the last header that is known here; at most the end of what was captured. */
    public int payloadOffset() {
        return Math.min(found.end, found.behindHeaders());
    }

    /** Captured bytes from {@link #payloadOffset()} on, without padding behind IP's end. */
    public int payloadLength() {
        return found.end - payloadOffset();
    }

    /**
     * Bytes behind the headers that there were on the link, by what headers say: more than were captured if cut. Of TCP whose header
     * is cut before its length, as if it had no options.
     */
    public int originalPayloadLength() {
        return Math.max(0, found.fullEnd - found.behindHeaders());
    }

    // ---- the conversation

    /** Returns whether ports are part of what a conversation is known by: not in a fragment, be it the first. */
    public boolean hasFlowPorts() {
        return found.portsAt >= 0 && !found.fragment;
    }

    /** The protocol that a conversation is known by: {@link #protocol()}, or 44 for all fragments over IPv6. */
    public int flowProtocol() {
        return found.fragment && found.network == HeaderPlaces.IPV6 ? FRAGMENT : found.protocol;
    }

    // ---- faults

    /** Returns why headers of this level, or else of one inside, end early. */
    public Fault fault() {
        Headers level = faulty();
        return level == null ? Fault.NONE : level.ownFault();
    }

    /** The offset of the header that {@link #fault()} is about; -1 if there is none. */
    public int faultOffset() {
        Headers level = faulty();
        if (level == null) {
            return -1;
        }
        return level.found.fault == 0 ? level.found.transportAt : level.found.faultAt;
    }

    private @Nullable Headers faulty() {
        Headers in = inner(); // notes why it cannot be entered
        if (ownFault() != Fault.NONE) {
            return this;
        }
        return in == null ? null : in.faulty();
    }

    private Fault ownFault() {
        return FAULTS[found.fault == 0 ? found.transportFault() : found.fault];
    }
}
