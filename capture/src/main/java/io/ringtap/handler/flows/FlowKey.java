package io.ringtap.handler.flows;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;

/**
 * The key of a flow, read from a frame and equal for both directions: VLAN ids, addresses, protocol and ports. Of a frame that
 * is not IP, the MAC addresses and the EtherType. A fragment has no ports, ICMP neither: a ping and its answers are one flow.
 * Moved from frame to frame by the thread that owns it.
 */
final class FlowKey {
    /** Bits of {@link #ends}: ports or nothing, protocol or EtherType, and one of these. */
    static final int SHAPE_MAC = 1;

    static final int SHAPE_IPV4 = 2;
    static final int SHAPE_IPV4_PORTS = 3;
    static final int SHAPE_IPV6 = 4;
    static final int SHAPE_IPV6_PORTS = 5;

    static final int PORT_A_SHIFT = 48;
    static final int PORT_B_SHIFT = 32;
    static final int PROTOCOL_SHIFT = 8;
    static final int OUTER_VLAN_SHIFT = 12;

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

    private int portA;
    private int portB;

    /** Reads a frame; false if it ends before its addresses, and is part of no flow. */
    boolean read(Frame frame) {
        Headers headers = frame.headers().innermost();
        int shape = shape(headers);
        if (shape == 0) {
            return false;
        }
        int protocol = shape == SHAPE_MAC ? Math.max(0, headers.etherType()) : headers.flowProtocol();
        boolean ported = headers.hasFlowPorts();
        portA = ported ? headers.sourcePort() : 0;
        portB = ported ? headers.destinationPort() : 0;
        tcpFlags = ported ? Math.max(0, headers.tcpFlags()) : 0;
        vlans = headers.vlan(0) << OUTER_VLAN_SHIFT | headers.vlan(1);
        fromA = isAFirst();
        if (!fromA) {
            exchange();
        }
        ends = (long) portA << PORT_A_SHIFT | (long) portB << PORT_B_SHIFT | (long) protocol << PROTOCOL_SHIFT | shape;
        return true;
    }

    /** Reads the addresses, the frame's source as A. */
    private int shape(Headers headers) {
        if (headers.isIp()) {
            addresses(headers.sourceHigh(), headers.sourceLow(), headers.destinationHigh(), headers.destinationLow());
            boolean ported = headers.hasFlowPorts();
            return headers.network() == Headers.Network.IPV4
                    ? ported ? SHAPE_IPV4_PORTS : SHAPE_IPV4
                    : ported ? SHAPE_IPV6_PORTS : SHAPE_IPV6;
        }
        if (!headers.hasMacs()) {
            return 0;
        }
        addresses(0, headers.sourceMac(), 0, headers.destinationMac());
        return SHAPE_MAC;
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
