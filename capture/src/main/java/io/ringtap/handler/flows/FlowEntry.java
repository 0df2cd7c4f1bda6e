package io.ringtap.handler.flows;

import io.ringtap.frame.Tunnel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view of an entry of a {@link FlowTable} that was copied into longs, moved from one to the next. One thread. */
public final class FlowEntry {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int ICMP_V6 = 58;

    private static final int PORT_MASK = 0xffff;
    private static final int VLAN_MASK = 0xfff;
    private static final double NANOS_A_SECOND = 1e9;

    /** By their numbers in entries. */
    static final List<Tunnel> TUNNELS = List.of(Tunnel.values());

    private long[] longs = new long[FlowTable.ENTRY_LONGS];
    private int from;

    /** Moves it to the entry in {@code longs[from...]}. */
    FlowEntry at(long[] entries, int index) {
        longs = entries;
        from = index;
        return this;
    }

    private long get(int field) {
        return longs[from + field];
    }

    /** One of {@link FlowKey}'s shapes. */
    int shape() {
        return (int) get(FlowTable.ENDS) & 0xff;
    }

    boolean isIp() {
        return shape() != FlowKey.SHAPE_MAC;
    }

    boolean isIpv4() {
        return isIpv4(shape());
    }

    static boolean isIpv4(int shape) {
        return shape == FlowKey.SHAPE_IPV4 || shape == FlowKey.SHAPE_IPV4_PORTS || shape == FlowKey.SHAPE_IPV4_ICMP;
    }

    boolean hasPorts() {
        return shape() == FlowKey.SHAPE_IPV4_PORTS || shape() == FlowKey.SHAPE_IPV6_PORTS;
    }

    boolean isTcp() {
        return isIp() && protocol() == TCP;
    }

    /** Of an ICMP message, and not of a fragment. */
    boolean isIcmp() {
        return shape() == FlowKey.SHAPE_IPV4_ICMP || shape() == FlowKey.SHAPE_IPV6_ICMP;
    }

    /** IANA's number, or the EtherType where {@link #isIp} is false. */
    int protocol() {
        return (int) (get(FlowTable.ENDS) >>> FlowKey.PROTOCOL_SHIFT) & PORT_MASK;
    }

    /** The outer VLAN id of the first frame; 0 if there is none. */
    int vlan() {
        return (int) (get(FlowTable.TUNNEL_AND_VLANS) >>> FlowKey.OUTER_VLAN_SHIFT) & VLAN_MASK;
    }

    /** The one behind it; 0 if there is none. */
    int innerVlan() {
        return (int) get(FlowTable.TUNNEL_AND_VLANS) & VLAN_MASK;
    }

    private int tunnelBits() {
        return (int) (get(FlowTable.TUNNEL_AND_VLANS) >>> FlowKey.TUNNEL_SHIFT) & 0xff;
    }

    /** Returns what the first frame was carried in; null if that is nothing. */
    @Nullable
    Tunnel tunnel() {
        int number = tunnelBits() & 0x1f;
        return number == 0 ? null : TUNNELS.get(number - 1);
    }

    /** The tunnel's id, 32 bits without sign; -1 if it has none. */
    long tunnelId() {
        return (tunnelBits() & FlowKey.TUNNEL_HAS_ID) == 0
                ? -1
                : get(FlowTable.TUNNEL_AND_VLANS) >>> FlowKey.TUNNEL_ID_SHIFT;
    }

    boolean isOuterIpv4() {
        return (tunnelBits() & FlowKey.TUNNEL_IPV4) != 0;
    }

    boolean isOuterIpv6() {
        return (tunnelBits() & FlowKey.TUNNEL_IPV6) != 0;
    }

    /** As {@link #addressHigh}, of the header outside of the tunnel. */
    long outerHigh(boolean source) {
        return get(source ? FlowTable.OUTER_SOURCE_HIGH : FlowTable.OUTER_DESTINATION_HIGH);
    }

    /** As {@link #addressLow}, of the header outside of the tunnel. */
    long outerLow(boolean source) {
        return get(source ? FlowTable.OUTER_SOURCE_LOW : FlowTable.OUTER_DESTINATION_LOW);
    }

    private boolean isA(boolean source) {
        return source == ((get(FlowTable.STATE) & FlowTable.FORWARD_FROM_A) != 0);
    }

    /** The first 64 bits of an IPv6 address, else 0; the source's or the destination's. */
    long addressHigh(boolean source) {
        return get(isA(source) ? FlowTable.A_HIGH : FlowTable.B_HIGH);
    }

    /** The last 64 bits of an IPv6 address, or an IPv4 or MAC address. */
    long addressLow(boolean source) {
        return get(isA(source) ? FlowTable.A_LOW : FlowTable.B_LOW);
    }

    /** A port; of ICMP, what {@link FlowKey} has in its place. */
    int port(boolean source) {
        return (int) (get(FlowTable.ENDS) >>> (isA(source) ? FlowKey.PORT_A_SHIFT : FlowKey.PORT_B_SHIFT)) & PORT_MASK;
    }

    /** The type of the first frame's ICMP message. */
    int icmpType() {
        return (int) (get(FlowTable.STATE) >>> (FlowTable.ICMP_SHIFT + 8)) & 0xff;
    }

    /** Its code. */
    int icmpCode() {
        return (int) (get(FlowTable.STATE) >>> FlowTable.ICMP_SHIFT) & 0xff;
    }

    /** Nanoseconds since 1970. */
    long first() {
        return get(FlowTable.FIRST);
    }

    /** Nanoseconds since 1970. */
    long last() {
        return get(FlowTable.LAST);
    }

    long frames(boolean forward) {
        return get(forward ? FlowTable.FORWARD_FRAMES : FlowTable.REVERSE_FRAMES);
    }

    /** Bytes on the link. */
    long bytes(boolean forward) {
        return get(forward ? FlowTable.FORWARD_BYTES : FlowTable.REVERSE_BYTES);
    }

    /** Bytes from the IP header on, without padding. */
    long ipBytes(boolean forward) {
        return get(forward ? FlowTable.FORWARD_IP_BYTES : FlowTable.REVERSE_IP_BYTES);
    }

    /** All that were ever set. */
    int tcpFlags(boolean forward) {
        return (int) (get(FlowTable.STATE) >>> (forward ? 0 : FlowTable.REVERSE_FLAGS_SHIFT)) & 0xff;
    }

    /** Of TCP, how far the connection has come. */
    ConnState connState() {
        return ConnState.of(get(FlowTable.STATE));
    }

    /** Of TCP, whether the first frame was a SYN. */
    boolean isSynFirst() {
        return (get(FlowTable.STATE) & FlowTable.SYN_FIRST) != 0;
    }

    /** Frames a second over the last 4.3 to 8.6 seconds before {@code now}, both ways. */
    double framesPerSecond(long now) {
        long frames = (recent(now, 0) & FlowTable.RECENT_FRAMES_MASK) + (recent(now, 1) & FlowTable.RECENT_FRAMES_MASK);
        return frames / span(now);
    }

    /** Bits on the link a second, over the same time. */
    double bitsPerSecond(long now) {
        long bytes =
                (recent(now, 0) >>> FlowTable.RECENT_BYTES_SHIFT) + (recent(now, 1) >>> FlowTable.RECENT_BYTES_SHIFT);
        return Byte.SIZE * bytes / span(now);
    }

    /** What was counted in the time slot of {@code now}, or in the one before. */
    private long recent(long now, int slotsBefore) {
        long passed = (Math.max(now, last()) >> FlowTable.RECENT_SHIFT) - (last() >> FlowTable.RECENT_SHIFT);
        long wanted = slotsBefore - passed;
        return wanted == 0 ? get(FlowTable.RECENT) : wanted == 1 ? get(FlowTable.BEFORE) : 0;
    }

    private double span(long now) {
        long slot = 1L << FlowTable.RECENT_SHIFT;
        return (slot + (Math.max(now, last()) & (slot - 1))) / NANOS_A_SECOND;
    }
}
