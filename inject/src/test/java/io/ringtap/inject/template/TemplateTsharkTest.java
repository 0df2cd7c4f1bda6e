package io.ringtap.inject.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wireshark takes the frames for what they are meant to be, and finds nothing wrong with them. */
class TemplateTsharkTest {
    /** Wireshark's own values: 1 is good; 0 is bad. */
    private static final List<String> CHECKSUM_STATES = List.of(
            "ip.checksum.status",
            "udp.checksum.status",
            "tcp.checksum.status",
            "icmp.checksum.status",
            "icmpv6.checksum.status");

    @TempDir
    Path folder;

    @Test
    void shouldBeDecodedWithoutAFault() throws Exception {
        List<String> names = new ArrayList<>();
        List<FrameTemplate> templates = new ArrayList<>();
        List<byte[]> frames = new ArrayList<>();
        for (Map.Entry<String, Templates> shape : Templates.shapes().entrySet()) {
            FrameTemplate template = shape.getValue().build();
            byte[] constant = shape.getValue().compile().bytes(0);
            CompiledTemplate varied = vary(shape.getValue(), constant.length);
            for (byte[] frame : List.of(constant, varied.bytes(5, 6), varied.bytes(0x1_0000_0002L, 7))) {
                names.add(shape.getKey());
                templates.add(template);
                frames.add(frame);
            }
        }
        List<String> fields = new ArrayList<>(List.of("frame.protocols", "_ws.malformed", "_ws.expert.message"));
        fields.addAll(CHECKSUM_STATES);
        List<List<String>> rows = TsharkRun.fields(folder, frames, List.of(), fields.toArray(String[]::new));
        int validated = 0;
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            String what = names.get(i) + ", frame " + (i + 1) + ": " + row;
            assertEquals(protocols(templates.get(i), frames.get(i).length), row.getFirst(), what);
            assertEquals("", row.get(1), what);
            assertEquals("", harmless(row.get(2)), what);
            List<String> states = row.subList(3, row.size());
            assertTrue(states.stream().noneMatch("0"::equals), what);
            validated += (int) states.stream().filter("1"::equals).count();
        }
        assertEquals(3 * Templates.shapes().size(), rows.size());
        assertTrue(validated > 2 * rows.size() / 2, validated + " checksums validated in " + rows.size() + " frames");
    }

    /** The last four bytes, and the source address, vary; a mark has those bytes itself, and varies anyway. */
    private static CompiledTemplate vary(Templates shape, int length) {
        Templates varied = shape;
        FrameTemplate plain = shape.build();
        boolean hasPayload = length >= plain.layout().headerBytes() + 4
                && plain.content() instanceof Content.Payload
                && !plain.layers().contains(Layer.ARP);
        if (hasPayload && plain.mark().isEmpty()) {
            varied = varied.vary(new Variation.Sequence(new Target.Bytes(length - 4, 4), 1));
        }
        if (plain.layers().contains(Layer.IPV4)) {
            varied = varied.vary(new Variation.Random(
                    new Target.Named(Field.IPV4_SOURCE), FieldValue.of(0x0a000001), FieldValue.of(0x0affffff), 3));
        }
        if (plain.layers().contains(Layer.IPV6)) {
            FieldValue from = Field.IPV6_SOURCE.text("2001:db8::");
            FieldValue to = Field.IPV6_SOURCE.text("2001:db8::ffff:ffff:ffff:ffff");
            varied = varied.vary(new Variation.Counter(new Target.Named(Field.IPV6_SOURCE), from, to, 0x123456789abL));
        }
        return varied.compile();
    }

    /** What Wireshark must take a frame for. */
    private static String protocols(FrameTemplate template, int length) {
        StringBuilder protocols = new StringBuilder("eth:ethertype");
        template.layers().stream()
                .filter(layer -> layer != Layer.ETHERNET)
                .forEach(layer -> protocols
                        .append(":")
                        .append(
                                switch (layer) {
                                    case VLAN ->
                                        (template.layers().contains(Layer.INNER_VLAN) ? "ieee8021ad" : "vlan")
                                                + ":ethertype";
                                    case INNER_VLAN -> "vlan:ethertype";
                                    case IPV4 -> "ip";
                                    default -> layer.key();
                                }));
        protocols.append(template.content() instanceof Content.Lldp ? ":lldp" : "");
        boolean opaque = template.content() instanceof Content.RawFrame
                || (template.content() instanceof Content.Payload
                        && !template.layers().contains(Layer.ARP)
                        && length > template.layout().headerBytes());
        return protocols + (opaque ? ":data" : "");
    }

    /** What Wireshark remarks on conversations that have just one side. */
    private static String harmless(String remarks) {
        return remarks.replaceAll(
                "(Connection establish request \\(SYN\\)|No response seen|[^,]*no response found[^,]*|[^,]*conversation[^,]*)[^,]*,?",
                "");
    }
}
