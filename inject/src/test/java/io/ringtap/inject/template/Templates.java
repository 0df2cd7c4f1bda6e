package io.ringtap.inject.template;

import io.ringtap.inject.mark.Mark;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcap4j.util.MacAddress;

/** Builds templates in few words, and has one of every shape. */
final class Templates {
    static final MacAddress OWN = MacAddress.getByName("02:00:5e:00:53:01");

    private final Set<Layer> layers = EnumSet.of(Layer.ETHERNET);
    private final Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
    private Content content = Content.NONE;
    private FrameLengths lengths = FrameLengths.OF_CONTENT;
    private final List<Variation> variations = new ArrayList<>();
    private Optional<Mark> mark = Optional.empty();

    private Templates() {}

    static Templates ethernet() {
        return new Templates().with(Field.DESTINATION, "02:00:5e:00:53:02");
    }

    static Templates ipv4() {
        return ethernet().with(Field.IPV4_SOURCE, "192.0.2.1").with(Field.IPV4_DESTINATION, "198.51.100.2");
    }

    static Templates ipv6() {
        return ethernet().with(Field.IPV6_SOURCE, "2001:db8::1").with(Field.IPV6_DESTINATION, "2001:db8:1::ffff:2");
    }

    static Templates arp() {
        return ethernet().with(Field.ARP_SENDER_IP, "192.0.2.1").with(Field.ARP_TARGET_IP, "192.0.2.2");
    }

    Templates udp() {
        return with(Field.UDP_SOURCE_PORT, 40_000).with(Field.UDP_DESTINATION_PORT, 40_001);
    }

    Templates tcp() {
        return with(Field.TCP_SOURCE_PORT, 40_000).with(Field.TCP_DESTINATION_PORT, 40_001);
    }

    Templates icmp() {
        return with(Field.ICMP_IDENTIFIER, 7).with(Field.ICMP_SEQUENCE_NUMBER, 8);
    }

    Templates icmpv6() {
        return with(Field.ICMPV6_IDENTIFIER, 7).with(Field.ICMPV6_SEQUENCE_NUMBER, 8);
    }

    Templates vlan(int id) {
        return with(Field.VLAN_ID, id);
    }

    Templates innerVlan(int id) {
        return with(Field.INNER_VLAN_ID, id);
    }

    Templates with(Field field, String text) {
        return with(field, field.text(text));
    }

    Templates with(Field field, long number) {
        return with(field, FieldValue.of(number));
    }

    Templates with(Field field, FieldValue value) {
        layers.add(field.layer());
        fields.put(field, value);
        return this;
    }

    Templates layer(Layer layer) {
        layers.add(layer);
        return this;
    }

    Templates text(String payload) {
        return content(Content.payloadText(payload));
    }

    Templates content(Content given) {
        content = given;
        return this;
    }

    Templates raw(String hex) {
        layers.clear();
        fields.clear();
        return content(new Content.RawFrame(hex));
    }

    Templates length(Integer... bytes) {
        return lengths(new FrameLengths(List.of(bytes), List.of()));
    }

    Templates lengths(FrameLengths given) {
        lengths = given;
        return this;
    }

    Templates vary(Variation variation) {
        variations.add(variation);
        return this;
    }

    Templates withoutLast() {
        variations.removeLast();
        return this;
    }

    Templates mark(int stream, long first) {
        return mark(new Mark(stream, first, true));
    }

    Templates mark(Mark given) {
        mark = Optional.of(given);
        return this;
    }

    FrameTemplate build() {
        return new FrameTemplate(layers, fields, content, lengths, variations, mark);
    }

    CompiledTemplate compile() {
        return build().compile(OWN);
    }

    /** One of every shape, by name. */
    static Map<String, Templates> shapes() {
        Map<String, Templates> shapes = new LinkedHashMap<>();
        shapes.put("ethernet", ethernet().text("hello"));
        shapes.put("ethernet-length", ethernet().length(60));
        shapes.put("ethernet-mark", ethernet().mark(1, 0).length(60));
        shapes.put("vlan-mark", ethernet().vlan(100).mark(1, 1));
        shapes.put("raw", ethernet().raw("ffffffffffff02005e00530188b50102"));
        shapes.put("lldp", new Templates().content(lldp()));
        shapes.put("lldp-vlan", new Templates().vlan(5).content(lldp()));
        shapes.put("arp", arp());
        shapes.put("arp-vlan-length", arp().vlan(100).length(64));
        shapes.put("arp-reply", arp().with(Field.ARP_OPERATION, "reply").length(60));
        for (String tags : List.of("", "-vlan", "-qinq")) {
            shapes.put("ipv4" + tags, tagged(ipv4(), tags).text("nothing known").with(Field.IPV4_PROTOCOL, 253));
            shapes.put("ipv4-udp" + tags, tagged(ipv4().udp(), tags).text("odd"));
            shapes.put("ipv4-udp-mark" + tags, tagged(ipv4().udp(), tags).mark(2, 0));
            shapes.put("ipv4-tcp" + tags, tagged(ipv4().tcp(), tags).text("even"));
            shapes.put("ipv4-icmp" + tags, tagged(ipv4().icmp(), tags).length(98));
            shapes.put("ipv6" + tags, tagged(ipv6(), tags).with(Field.IPV6_NEXT_HEADER, 59));
            shapes.put("ipv6-udp" + tags, tagged(ipv6().udp(), tags).text("odd"));
            shapes.put(
                    "ipv6-udp-mark" + tags,
                    tagged(ipv6().udp(), tags).mark(3, 0).length(1500));
            shapes.put("ipv6-tcp" + tags, tagged(ipv6().tcp(), tags).length(101));
            shapes.put("ipv6-icmpv6" + tags, tagged(ipv6().icmpv6(), tags).length(118));
        }
        shapes.put(
                "ipv4-udp-no-checksum", ipv4().udp().with(Field.UDP_CHECKSUM, 0).text("unchecked"));
        shapes.put("ipv4-udp-empty", ipv4().udp());
        shapes.put("ipv4-udp-longest", ipv4().udp().length(65_549));
        shapes.put("ipv6-udp-longest", ipv6().udp().length(65_549));
        shapes.put("ipv4-tcp-flags", ipv4().tcp().with(Field.TCP_FLAGS, 0xd8));
        shapes.put("ipv4-fragment", ipv4().with(Field.IPV4_FRAGMENT_OFFSET, 185).text("the rest of a datagram"));
        return shapes;
    }

    private static Content.Lldp lldp() {
        return new Content.Lldp(
                "02:00:5e:00:53:01", "eth0", 120, Optional.of("uplink"), Optional.of("ringtap"), Optional.empty());
    }

    private static Templates tagged(Templates template, String tags) {
        return switch (tags) {
            case "-vlan" -> template.vlan(100).with(Field.VLAN_PRIORITY, 5);
            case "-qinq" -> template.vlan(100).innerVlan(4094).with(Field.INNER_VLAN_DROP_ELIGIBLE, 1);
            default -> template;
        };
    }
}
