package io.ringtap.handler.flows;

import io.ringtap.frame.AddressText;
import io.ringtap.frame.TimeText;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes an entry of a {@link FlowTable}, copied into longs, as a JSON object. Forward is the direction of the record's
 * first frame, as in RFC 5103. What a flow does not have is absent.
 */
final class FlowText {
    private static final HexFormat HEX = HexFormat.of();

    private static final int TCP = 6;
    private static final String TCP_FLAGS = "CEUAPRSF";

    /** IANA's keywords. */
    private static final Map<Integer, String> PROTOCOLS = Map.ofEntries(
            Map.entry(1, "icmp"),
            Map.entry(2, "igmp"),
            Map.entry(4, "ipv4"),
            Map.entry(6, "tcp"),
            Map.entry(17, "udp"),
            Map.entry(41, "ipv6"),
            Map.entry(44, "ipv6-frag"),
            Map.entry(47, "gre"),
            Map.entry(50, "esp"),
            Map.entry(51, "ah"),
            Map.entry(58, "ipv6-icmp"),
            Map.entry(89, "ospf"),
            Map.entry(103, "pim"),
            Map.entry(112, "vrrp"),
            Map.entry(132, "sctp"),
            Map.entry(136, "udplite"));

    private static final String START = "{\"worker\":\"";

    private final String prefix;

    /** Objects that begin with the names of the worker and its capture. */
    FlowText(String worker, String capture) {
        prefix = START + escaped(worker) + "\",\"capture\":\"" + escaped(capture) + '"';
    }

    /** Returns whether this is how an object begins, that of any worker. */
    static boolean isBegun(String text) {
        return text.startsWith(START) || START.startsWith(text);
    }

    /** Appends the flow in {@code entry[from...]}, without the closing brace. */
    void open(StringBuilder out, long[] entry, int from) {
        long ends = entry[from + FlowTable.ENDS];
        long state = entry[from + FlowTable.STATE];
        boolean fromA = (state & FlowTable.FORWARD_FROM_A) != 0;
        out.append(prefix);
        int vlans = (int) entry[from + FlowTable.HASH_AND_VLANS];
        number(out, "vlan", vlans >>> FlowKey.OUTER_VLAN_SHIFT);
        number(out, "inner_vlan", vlans & 0xfff);
        int protocol = protocol(out, ends);
        end(out, "source", entry, from, fromA);
        end(out, "destination", entry, from, !fromA);
        time(out, "first", entry[from + FlowTable.FIRST]);
        time(out, "last", entry[from + FlowTable.LAST]);
        boolean tcp = isIp(ends) && protocol == TCP;
        direction(out, "forward", entry, from + FlowTable.FORWARD_FRAMES, tcp ? (int) state : -1);
        int reverseFlags = (int) state >>> FlowTable.REVERSE_FLAGS_SHIFT;
        direction(out, "reverse", entry, from + FlowTable.REVERSE_FRAMES, tcp ? reverseFlags : -1);
    }

    private static boolean isIp(long ends) {
        return (ends & 0xff) != FlowKey.SHAPE_MAC;
    }

    private static void number(StringBuilder out, String name, int value) {
        if (value != 0) {
            out.append(",\"").append(name).append("\":").append(value);
        }
    }

    private static int protocol(StringBuilder out, long ends) {
        int protocol = (int) (ends >>> FlowKey.PROTOCOL_SHIFT) & 0xffff;
        if (isIp(ends)) {
            String name = PROTOCOLS.getOrDefault(protocol, Integer.toString(protocol));
            out.append(",\"protocol\":\"").append(name).append('"');
        } else {
            out.append(",\"protocol\":\"ethernet\"");
            if (protocol != 0) { // else it is a length, of IEEE 802.3
                out.append(",\"ethertype\":\"0x")
                        .append(HEX.toHexDigits((short) protocol))
                        .append('"');
            }
        }
        return protocol;
    }

    private static void end(StringBuilder out, String name, long[] entry, int from, boolean a) {
        long ends = entry[from + FlowTable.ENDS];
        long high = entry[from + (a ? FlowTable.A_HIGH : FlowTable.B_HIGH)];
        long low = entry[from + (a ? FlowTable.A_LOW : FlowTable.B_LOW)];
        int shape = (int) ends & 0xff;
        out.append(",\"").append(name).append("\":\"");
        switch (shape) {
            case FlowKey.SHAPE_MAC -> AddressText.mac(out, low);
            case FlowKey.SHAPE_IPV4, FlowKey.SHAPE_IPV4_PORTS -> AddressText.ipv4(out, low);
            default -> AddressText.ipv6(out, high, low);
        }
        out.append('"');
        if (shape == FlowKey.SHAPE_IPV4_PORTS || shape == FlowKey.SHAPE_IPV6_PORTS) {
            long port = ends >>> (a ? FlowKey.PORT_A_SHIFT : FlowKey.PORT_B_SHIFT) & 0xffff;
            out.append(",\"").append(name).append("_port\":").append(port);
        }
    }

    private static void time(StringBuilder out, String name, long epochNanos) {
        out.append(",\"").append(name).append("\":\"");
        out.append(TimeText.ofEpochNanos(epochNanos)).append('"');
    }

    private static void direction(StringBuilder out, String name, long[] entry, int frames, int tcpFlags) {
        out.append(",\"").append(name).append("\":{\"frames\":").append(entry[frames]);
        out.append(",\"bytes\":").append(entry[frames + 1]);
        if (tcpFlags >= 0) {
            out.append(",\"tcp_flags\":\"");
            for (int i = 0; i < TCP_FLAGS.length(); i++) {
                out.append((tcpFlags & 0x80 >>> i) != 0 ? TCP_FLAGS.charAt(i) : '.');
            }
            out.append('"');
        }
        out.append('}');
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u").append(HEX.toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
