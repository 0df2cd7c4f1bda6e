package io.ringtap.handler.flows;

import io.ringtap.frame.AddressText;
import io.ringtap.frame.Answer;
import io.ringtap.frame.TimeText;
import io.ringtap.frame.Tunnel;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes an entry of a {@link FlowTable}, copied into longs, as a JSON object. Forward is the direction of the record's
 * first frame, as in RFC 5103. What a flow does not have is absent.
 */
final class FlowText {
    private static final HexFormat HEX = HexFormat.of();

    private static final String TCP_FLAGS = "CEUAPRSF";

    /** IANA's keywords. */
    static final Map<Integer, String> PROTOCOLS = Map.ofEntries(
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

    private static final String START = "{\"worker\":";

    private final String prefix;
    private final CommunityId communityId;
    private final FlowEntry flow = new FlowEntry();

    /** Objects that begin with the names of the worker and its capture. */
    FlowText(String worker, String capture, String sensor, int communityIdSeed) {
        prefix = START + Answer.json(worker) + ",\"capture\":" + Answer.json(capture) + ",\"observer\":{\"name\":"
                + Answer.json(sensor) + "}";
        communityId = new CommunityId(communityIdSeed);
    }

    /** Returns whether this is how an object begins, that of any worker. */
    static boolean isBegun(String text) {
        return text.startsWith(START) || START.startsWith(text);
    }

    /** Appends the flow in {@code entry[from...]}, without the closing brace. */
    void open(StringBuilder out, long[] entry, int from) {
        flow.at(entry, from);
        out.append(prefix);
        number(out, "vlan", flow.vlan());
        number(out, "inner_vlan", flow.innerVlan());
        protocol(out);
        end(out, "source", true);
        end(out, "destination", false);
        time(out, "first", flow.first());
        time(out, "last", flow.last());
        direction(out, "forward", true);
        direction(out, "reverse", false);
        tunnel(out);
        if (flow.isIcmp()) {
            out.append(",\"icmp_type\":").append(flow.icmpType());
            out.append(",\"icmp_code\":").append(flow.icmpCode());
        }
        if (flow.isTcp()) {
            out.append(",\"conn_state\":\"").append(flow.connState());
            out.append("\",\"syn_first\":").append(flow.isSynFirst());
        }
        if (flow.isIp()) {
            out.append(",\"community_id\":\"").append(communityId.of(flow)).append('"');
        }
    }

    /** Appends how fast that flow was in the seconds before {@code now}. */
    void rate(StringBuilder out, long now) {
        out.append(",\"rate\":{\"pps\":").append(Math.round(flow.framesPerSecond(now)));
        out.append(",\"bps\":").append(Math.round(flow.bitsPerSecond(now))).append('}');
    }

    private static void number(StringBuilder out, String name, int value) {
        if (value != 0) {
            out.append(",\"").append(name).append("\":").append(value);
        }
    }

    private void protocol(StringBuilder out) {
        int protocol = flow.protocol();
        if (flow.isIp()) {
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
    }

    private void end(StringBuilder out, String name, boolean source) {
        out.append(",\"").append(name).append("\":\"");
        if (flow.isIp()) {
            address(out, flow.isIpv4(), flow.addressHigh(source), flow.addressLow(source));
        } else {
            AddressText.mac(out, flow.addressLow(source));
        }
        out.append('"');
        if (flow.hasPorts()) {
            out.append(",\"").append(name).append("_port\":").append(flow.port(source));
        }
    }

    private static void address(StringBuilder out, boolean ipv4, long high, long low) {
        if (ipv4) {
            AddressText.ipv4(out, low);
        } else {
            AddressText.ipv6(out, high, low);
        }
    }

    private void tunnel(StringBuilder out) {
        Tunnel tunnel = flow.tunnel();
        if (tunnel == null) {
            return;
        }
        out.append(",\"tunnel\":{\"kind\":\"").append(tunnel.text()).append('"');
        if (flow.tunnelId() >= 0) {
            out.append(",\"id\":").append(flow.tunnelId());
        }
        if (flow.isOuterIpv4() || flow.isOuterIpv6()) {
            outer(out, "source", true);
            outer(out, "destination", false);
        }
        out.append('}');
    }

    private void outer(StringBuilder out, String name, boolean source) {
        out.append(",\"").append(name).append("\":\"");
        address(out, flow.isOuterIpv4(), flow.outerHigh(source), flow.outerLow(source));
        out.append('"');
    }

    private static void time(StringBuilder out, String name, long epochNanos) {
        out.append(",\"").append(name).append("\":\"");
        out.append(TimeText.ofEpochNanos(epochNanos)).append('"');
    }

    private void direction(StringBuilder out, String name, boolean forward) {
        out.append(",\"").append(name).append("\":{\"frames\":").append(flow.frames(forward));
        out.append(",\"bytes\":").append(flow.bytes(forward));
        if (flow.isTcp()) {
            out.append(",\"tcp_flags\":\"");
            for (int i = 0; i < TCP_FLAGS.length(); i++) {
                out.append((flow.tcpFlags(forward) & 0x80 >>> i) != 0 ? TCP_FLAGS.charAt(i) : '.');
            }
            out.append('"');
        }
        if (flow.isIp()) {
            out.append(",\"ip_bytes\":").append(flow.ipBytes(forward));
        }
        out.append('}');
    }
}
