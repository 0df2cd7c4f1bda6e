package io.ringtap.handler.flows;

import io.ringtap.frame.Tunnel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An information element of a template (IANA's registry "IPFIX Information Elements").
 *
 * @param id its number
 * @param bytes its length; {@link #VARIABLE} if each value has one
 * @param reverse of the direction against that of the first frame (RFC 5103)
 * @param high of 16 bytes, the first eight
 * @param low the value, or its last eight bytes
 */
record IpfixField(
        int id,
        int bytes,
        boolean reverse,
        @Nullable ToLongFunction<FlowEntry> high,
        @Nullable ToLongFunction<FlowEntry> low) {
    private static final int VARIABLE = 0xffff;

    /** Where a number has this bit, the enterprise's follows it. */
    private static final int ENTERPRISE = 0x8000;

    /** RFC 5103's, for elements of the other direction. */
    private static final int REVERSE_ENTERPRISE = 29_305;

    private static final int END_REASON = 136;
    private static final long NANOS_A_MILLISECOND = 1_000_000;

    // layer2SegmentId's first byte.
    private static final long VXLAN_SEGMENT = 1L << 56;
    private static final long NVGRE_SEGMENT = 2L << 56;

    /** What became of frames: scope interfaceName and selectorName; total, dropped and ignored packets. */
    static final List<IpfixField> FRAMES =
            List.of(counted(82, VARIABLE), counted(335, VARIABLE), counted(86, 8), counted(135, 8), counted(164, 8));

    /** Scope exportingProcessId; exported messages, octets and flow records, and flows not sent. */
    static final List<IpfixField> EXPORT =
            List.of(counted(144, 4), counted(41, 8), counted(40, 8), counted(42, 8), counted(166, 8));

    private static final List<List<IpfixField>> BY_SHAPE = IntStream.rangeClosed(0, FlowKey.SHAPE_IPV6_ICMP)
            .mapToObj(IpfixField::fields)
            .toList();

    /** The fields of a flow of one of {@link FlowKey}'s shapes. */
    static List<IpfixField> of(int shape) {
        return BY_SHAPE.get(shape);
    }

    private static List<IpfixField> fields(int shape) {
        boolean ipv4 = FlowEntry.isIpv4(shape);
        List<IpfixField> all = new ArrayList<>();
        all.add(of(152, 8, flow -> flow.first() / NANOS_A_MILLISECOND)); // flowStartMilliseconds
        all.add(of(153, 8, flow -> flow.last() / NANOS_A_MILLISECOND)); // flowEndMilliseconds
        if (shape == FlowKey.SHAPE_MAC) {
            all.add(of(56, 6, flow -> flow.addressLow(true))); // sourceMacAddress
            all.add(of(80, 6, flow -> flow.addressLow(false))); // destinationMacAddress
            all.add(of(256, 2, FlowEntry::protocol)); // ethernetType
        } else {
            all.add(ipv4 ? of(8, 4, flow -> flow.addressLow(true)) : address6(27, true)); // source…Address
            all.add(ipv4 ? of(12, 4, flow -> flow.addressLow(false)) : address6(28, false)); // destination…Address
            all.add(of(4, 1, FlowEntry::protocol)); // protocolIdentifier
            transport(shape, all);
            all.add(of(1, 8, flow -> flow.ipBytes(true))); // octetDeltaCount
            all.add(back(1, 8, flow -> flow.ipBytes(false)));
        }
        all.add(of(2, 8, flow -> flow.frames(true))); // packetDeltaCount
        all.add(back(2, 8, flow -> flow.frames(false)));
        all.add(of(352, 8, flow -> flow.bytes(true))); // layer2OctetDeltaCount
        all.add(back(352, 8, flow -> flow.bytes(false)));
        all.add(of(58, 2, FlowEntry::vlan)); // vlanId
        all.add(of(245, 2, FlowEntry::innerVlan)); // dot1qCustomerVlanId
        all.add(of(351, 8, IpfixField::segment)); // layer2SegmentId
        all.add(of(END_REASON, 1, _ -> 0)); // flowEndReason
        return List.copyOf(all);
    }

    private static void transport(int shape, List<IpfixField> all) {
        switch (shape) {
            case FlowKey.SHAPE_IPV4_PORTS, FlowKey.SHAPE_IPV6_PORTS -> {
                all.add(of(7, 2, flow -> flow.port(true))); // sourceTransportPort
                all.add(of(11, 2, flow -> flow.port(false))); // destinationTransportPort
                // tcpControlBits, of which the upper byte is always 0; nfdump keeps the last that it sees.
                all.add(back(6, 1, flow -> flow.tcpFlags(false)));
                all.add(of(6, 1, flow -> flow.tcpFlags(true)));
            }
            case FlowKey.SHAPE_IPV4_ICMP -> all.add(of(32, 2, IpfixField::icmp)); // icmpTypeCodeIPv4
            case FlowKey.SHAPE_IPV6_ICMP -> all.add(of(139, 2, IpfixField::icmp)); // icmpTypeCodeIPv6
            default -> {}
        }
    }

    private static IpfixField of(int id, int bytes, ToLongFunction<FlowEntry> value) {
        return new IpfixField(id, bytes, false, null, value);
    }

    private static IpfixField back(int id, int bytes, ToLongFunction<FlowEntry> value) {
        return new IpfixField(id, bytes, true, null, value);
    }

    private static IpfixField address6(int id, boolean source) {
        return new IpfixField(id, 16, false, flow -> flow.addressHigh(source), flow -> flow.addressLow(source));
    }

    private static IpfixField counted(int id, int bytes) {
        return new IpfixField(id, bytes, false, null, null);
    }

    private static long icmp(FlowEntry flow) {
        return (long) flow.icmpType() << 8 | flow.icmpCode();
    }

    private static long segment(FlowEntry flow) {
        Tunnel tunnel = flow.tunnel();
        return tunnel == Tunnel.VXLAN
                ? VXLAN_SEGMENT | flow.tunnelId()
                : tunnel == Tunnel.NVGRE ? NVGRE_SEGMENT | flow.tunnelId() : 0;
    }

    /** Writes its place in a template. */
    void specify(ByteBuffer out) {
        out.putShort((short) (reverse ? id | ENTERPRISE : id)).putShort((short) bytes);
        if (reverse) {
            out.putInt(REVERSE_ENTERPRISE);
        }
    }

    /** Writes a flow's value. */
    void put(ByteBuffer out, FlowEntry flow, FlowEnd end) {
        if (high != null) {
            out.putLong(high.applyAsLong(flow));
        }
        long value = id == END_REASON ? reason(end) : low == null ? 0 : low.applyAsLong(flow);
        for (int shift = 8 * (Math.min(bytes, Long.BYTES) - 1); shift >= 0; shift -= 8) {
            out.put((byte) (value >>> shift));
        }
    }

    /** As IANA numbers them. */
    private static int reason(FlowEnd end) {
        return switch (end) {
            case IDLE -> 1;
            case ACTIVE -> 2;
            case CLOSED -> 3;
            case STOP -> 4;
            case EVICTED -> 5;
        };
    }
}
