package io.ringtap.handler.flows;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import io.ringtap.frame.Tunnel;
import java.util.Objects;

/**
 * The key of a flow, read from a frame and equal for both directions: VLAN ids, addresses, protocol and ports, of the innermost
 * conversation that can be seen or of the outermost. Of a frame that
 * is not IP, the MAC addresses and the EtherType. A fragment has no ports. ICMP has in their place what it asks and answers, as
 * {@link IcmpKind} has it: a ping and its answers are one flow. Moved from frame to frame by the thread that owns it.
 */
final class FlowKey {
    /** Bits of {@link #ends}: ports or nothing, protocol or EtherType, and one of these. */
    static final int SHAPE_MAC = 1;

    static final int SHAPE_IPV4 = 2;
    static final int SHAPE_IPV4_PORTS = 3;
    static final int SHAPE_IPV6 = 4;
    static final int SHAPE_IPV6_PORTS = 5;
    static final int SHAPE_IPV4_ICMP = 6;
    static final int SHAPE_IPV6_ICMP = 7;

    static final int PORT_A_SHIFT = 48;
    static final int PORT_B_SHIFT = 32;
    static final int PROTOCOL_SHIFT = 8;
    static final int OUTER_VLAN_SHIFT = 12;

    // What a record keeps beside its key of its first frame: VLAN ids, above them the tunnel, above it the tunnel's id.
    static final int TUNNEL_SHIFT = 24;
    static final int TUNNEL_ID_SHIFT = 32;

    /** Bits of the tunnel, above its number in {@link Tunnel} plus 1: it has an id, its outer addresses are IPv4, or IPv6. */
    static final int TUNNEL_HAS_ID = 0x80;

    static final int TUNNEL_IPV4 = 0x40;
    static final int TUNNEL_IPV6 = 0x20;

    // Of the two ends, A is the one that compares less.
    long aHigh;
    long aLow;
    long bHigh;
    long bLow;
    long ends;
    int vlans;

    /** Whether the frame goes from A to B. */
    boolean fromA;

    /** The flags in its TCP header; 0 if it has none. */
    int tcpFlags;

    /** The type of its ICMP message above the code; 0 if it has none. */
    int icmp;

    /** Bytes from the IP header on, without padding; 0 if it is not IP. */
    int ipBytes;

    private final boolean outermost;
    private final boolean vlansCount;
    private Headers conversation;
    private int frameVlans;
    private int portA;
    private int portB;

    /** Where a conversation is looked for that others carry. */
    enum Level {
        INNER,
        OUTER
    }

    /** What VLAN ids are to a key. */
    enum Vlan {
        KEY,
        IGNORE
    }

    FlowKey(Level tunnels, Vlan vlan) {
        outermost = tunnels == Level.OUTER;
        vlansCount = vlan == Vlan.KEY;
    }

    /** Reads a frame; false if it ends before its addresses, and is part of no flow. */
    boolean read(Frame frame) {
        Headers headers = outermost ? frame.headers() : frame.headers().innermost();
        conversation = headers;
        int shape = shape(headers);
        if (shape == 0) {
            return false;
        }
        int protocol = shape == SHAPE_MAC ? Math.max(0, headers.etherType()) : headers.flowProtocol();
        tcpFlags = shape == SHAPE_MAC ? 0 : Math.max(0, headers.tcpFlags());
        ipBytes = shape == SHAPE_MAC ? 0 : ipBytes(frame, headers);
        frameVlans = vlans(headers);
        vlans = vlansCount ? frameVlans : 0;
        fromA = isAFirst();
        if (!fromA) {
            exchange();
        }
        ends = (long) portA << PORT_A_SHIFT | (long) portB << PORT_B_SHIFT | (long) protocol << PROTOCOL_SHIFT | shape;
        return true;
    }

    /** Reads addresses and ports, the frame's source as A. */
    private int shape(Headers headers) {
        portA = 0;
        portB = 0;
        icmp = 0;
        if (!headers.isIp()) {
            addresses(0, headers.sourceMac(), 0, headers.destinationMac());
            return headers.hasMacs() ? SHAPE_MAC : 0;
        }
        addresses(headers.sourceHigh(), headers.sourceLow(), headers.destinationHigh(), headers.destinationLow());
        boolean ipv4 = headers.network() == Headers.Network.IPV4;
        if (headers.hasFlowPorts()) {
            portA = headers.sourcePort();
            portB = headers.destinationPort();
            return ipv4 ? SHAPE_IPV4_PORTS : SHAPE_IPV6_PORTS;
        }
        if (headers.icmpCode() >= 0 && !headers.isFragment()) {
            icmp(headers.protocol(), headers.icmpType(), headers.icmpCode());
            return ipv4 ? SHAPE_IPV4_ICMP : SHAPE_IPV6_ICMP;
        }
        return ipv4 ? SHAPE_IPV4 : SHAPE_IPV6;
    }

    /** Has a message's type and that of its answer for ports, or its code, which is no type. */
    private void icmp(int protocol, int type, int code) {
        icmp = type << 8 | code;
        int answer = IcmpKind.answer(protocol, type);
        portA = type;
        portB = answer == IcmpKind.NONE ? 0x100 | code : answer;
    }

    /** A length that cannot be is not believed; one of 0 is that of a segment that was not cut into packets yet. */
    private static int ipBytes(Frame frame, Headers headers) {
        int most = frame.originalLength() - headers.networkOffset();
        int bytes = headers.originalPayloadLength() + headers.payloadOffset() - headers.networkOffset();
        return bytes > 0 && bytes < most ? bytes : most;
    }

    /** Those of the Ethernet header that is nearest around the conversation. */
    private static int vlans(Headers headers) {
        Headers link = headers;
        for (Headers outer = link.outer(); outer != null && !link.hasMacs(); outer = link.outer()) {
            link = outer;
        }
        return link.vlan(0) << OUTER_VLAN_SHIFT | link.vlan(1);
    }

    /** VLAN ids and tunnel of the frame that was read, for its record. */
    long tunnelAndVlans() {
        Tunnel tunnel = conversation.tunnel();
        if (tunnel == null) {
            return frameVlans;
        }
        long id = conversation.tunnelId();
        int bits = FlowEntry.TUNNELS.indexOf(tunnel) + 1
                | (id >= 0 ? TUNNEL_HAS_ID : 0)
                | switch (carrier().network()) {
                    case IPV4 -> TUNNEL_IPV4;
                    case IPV6 -> TUNNEL_IPV6;
                    default -> 0;
                };
        return Math.max(0, id) << TUNNEL_ID_SHIFT | (long) bits << TUNNEL_SHIFT | frameVlans;
    }

    /** The headers that the tunnel's own belong to, where there is a tunnel. */
    Headers carrier() {
        return Objects.requireNonNull(conversation.outer());
    }

    private void addresses(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        aHigh = sourceHigh;
        aLow = sourceLow;
        bHigh = destinationHigh;
        bLow = destinationLow;
    }

    private boolean isAFirst() {
        if (aHigh != bHigh) {
            return Long.compareUnsigned(aHigh, bHigh) < 0;
        }
        return aLow != bLow ? Long.compareUnsigned(aLow, bLow) < 0 : portA <= portB;
    }

    private void exchange() {
        long high = aHigh;
        long low = aLow;
        int port = portA;
        aHigh = bHigh;
        aLow = bLow;
        portA = portB;
        bHigh = high;
        bLow = low;
        portB = port;
    }

    /**
     * A 32-bit hash that nobody who does not know the seeds can make collide: frames are sent by strangers, and a table
     * whose entries all want the same place is a list. The products are folded as in wyhash (Wang Yi, public domain).
     */
    int hash(long seed, long secondSeed) {
        long h = fold(aHigh ^ seed, aLow ^ secondSeed);
        h = fold(bHigh ^ h, bLow ^ secondSeed);
        h = fold(ends ^ h, vlans ^ seed);
        return (int) (h ^ h >>> 32);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
