package io.ringtap.frame;

import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;

/** The fields of all levels of a frame as {@code tshark -T fields} prints them: those of a name behind one another. */
final class TsharkFields {
    /** A field: its name, and how a level's is written, null where it has none. */
    private record Field(String name, BiConsumer<Headers, List<String>> writer) {}

    private static final List<Field> FIELDS = List.of(
            new Field("eth.src", (h, out) -> add(out, h.hasMacs(), mac(h.sourceMac()))),
            new Field("eth.dst", (h, out) -> add(out, h.hasMacs(), mac(h.destinationMac()))),
            new Field("vlan.id", (h, out) -> tags(out, h, false, h::vlan)),
            new Field("vlan.priority", (h, out) -> tags(out, h, false, h::vlanPriority)),
            new Field("ieee8021ad.id", (h, out) -> tags(out, h, true, h::vlan)),
            new Field("ieee8021ad.priority", (h, out) -> tags(out, h, true, h::vlanPriority)),
            new Field("mpls.label", (h, out) -> {
                for (int label = 0; label < h.mplsLabels(); label++) {
                    out.add(Integer.toString(h.mplsLabel(label)));
                }
            }),
            new Field("pppoe.session_id", (h, out) -> add(out, h.pppoeSession() >= 0, hex4(h.pppoeSession()))),
            new Field("arp.opcode", (h, out) -> add(out, h.arpOperation() >= 0, h.arpOperation())),
            new Field("ip.src", (h, out) -> add(out, isIpv4(h), h.source())),
            new Field("ip.dst", (h, out) -> add(out, isIpv4(h), h.destination())),
            new Field("ip.ttl", (h, out) -> add(out, isIpv4(h), h.timeToLive())),
            new Field("ip.dsfield", (h, out) -> add(out, isIpv4(h), String.format("0x%02x", h.trafficClass() & 0xff))),
            new Field("ipv6.src", (h, out) -> add(out, isIpv6(h), h.source())),
            new Field("ipv6.dst", (h, out) -> add(out, isIpv6(h), h.destination())),
            new Field("ipv6.hlim", (h, out) -> add(out, isIpv6(h), h.timeToLive())),
            new Field("ipv6.tclass", (h, out) -> add(out, isIpv6(h), String.format("0x%08x", h.trafficClass() & 0xff))),
            new Field("tcp.srcport", (h, out) -> add(out, h.isTcp(), h.sourcePort())),
            new Field("tcp.dstport", (h, out) -> add(out, h.isTcp(), h.destinationPort())),
            new Field("tcp.flags", (h, out) -> add(out, h.tcpFlags() >= 0, hex4(h.tcpFlags()))),
            new Field("tcp.seq_raw", (h, out) -> add(out, h.tcpSequence() >= 0, h.tcpSequence())),
            new Field("tcp.ack_raw", (h, out) -> add(out, h.tcpAcknowledgment() >= 0, h.tcpAcknowledgment())),
            new Field("tcp.window_size_value", (h, out) -> add(out, h.tcpWindow() >= 0, h.tcpWindow())),
            new Field("tcp.len", (h, out) -> add(out, h.tcpWindow() >= 0, h.originalPayloadLength())),
            new Field("udp.srcport", (h, out) -> add(out, h.isUdp(), h.sourcePort())),
            new Field("udp.dstport", (h, out) -> add(out, h.isUdp(), h.destinationPort())),
            new Field("sctp.srcport", (h, out) -> add(out, h.sourcePort() >= 0 && h.protocol() == 132, h.sourcePort())),
            new Field(
                    "sctp.dstport",
                    (h, out) -> add(out, h.sourcePort() >= 0 && h.protocol() == 132, h.destinationPort())),
            new Field("icmp.type", (h, out) -> add(out, isIpv4(h) && h.icmpType() >= 0, h.icmpType())),
            new Field("icmpv6.type", (h, out) -> add(out, isIpv6(h) && h.icmpType() >= 0, h.icmpType())),
            new Field("vxlan.vni", (h, out) -> add(out, h.tunnel() == Tunnel.VXLAN, h.tunnelId())),
            new Field(
                    "geneve.vni",
                    (h, out) ->
                            add(out, h.tunnel() == Tunnel.GENEVE, String.format("0x%06x", h.tunnelId() & 0xff_ffff))),
            new Field("gre.sequence_number", (h, out) -> add(out, h.tunnelSequence() >= 0, h.tunnelSequence())),
            new Field(
                    "gtp.teid",
                    (h, out) ->
                            add(out, h.tunnel() == Tunnel.GTP_U, String.format("0x%08x", h.tunnelId() & 0xffff_ffffL))),
            new Field(
                    "erspan.spanid",
                    (h, out) ->
                            add(out, h.tunnel() == Tunnel.ERSPAN_II || h.tunnel() == Tunnel.ERSPAN_III, h.tunnelId())));

    private TsharkFields() {}

    private static void add(List<String> out, boolean there, Object value) {
        if (there) {
            out.add(value.toString());
        }
    }

    private static void tags(List<String> out, Headers h, boolean service, IntUnaryOperator value) {
        for (int tag = 0; tag < h.vlanTags(); tag++) {
            add(out, (h.vlanType(tag) == 0x88a8) == service, value.applyAsInt(tag));
        }
    }

    private static String mac(long address) {
        StringBuilder text = new StringBuilder();
        AddressText.mac(text, address);
        return text.toString();
    }

    private static String hex4(int value) {
        return String.format("0x%04x", value & 0xffff);
    }

    private static boolean isIpv4(Headers h) {
        return h.network() == Headers.Network.IPV4;
    }

    private static boolean isIpv6(Headers h) {
        return h.network() == Headers.Network.IPV6;
    }

    /** Returns a frame's values by the name of their field; a field without any is left out. */
    static Map<String, List<String>> of(Frame frame) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Headers level = frame.headers(); level != null; level = level.inner()) {
            for (Field field : FIELDS) {
                field.writer.accept(level, values.computeIfAbsent(field.name, _ -> new ArrayList<>()));
            }
        }
        values.values().removeIf(List::isEmpty);
        return values;
    }

    /** The same by tshark, for each frame. */
    static List<Map<String, List<String>>> byTshark(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of("-d", "mpls.label==" + TunnelledFrames.WITH_CONTROL_WORD + ",pwethcw"));
        command.addAll(List.of("-d", "mpls.label==" + TunnelledFrames.WITHOUT_CONTROL_WORD + ",pwethnocw"));
        command.addAll(List.of("-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-T", "fields"));
        for (Field field : FIELDS) {
            command.addAll(List.of("-e", field.name));
        }
        return VethPair.run(command.toArray(String[]::new))
                .lines()
                .filter(line -> !line.startsWith("Running as user"))
                .map(TsharkFields::values)
                .toList();
    }

    private static Map<String, List<String>> values(String line) {
        String[] columns = line.split("\t", -1);
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < FIELDS.size(); i++) {
            if (!columns[i].isEmpty()) {
                values.put(
                        FIELDS.get(i).name,
                        List.of(columns[i].toLowerCase(Locale.ROOT).split(",")));
            }
        }
        return values;
    }
}
