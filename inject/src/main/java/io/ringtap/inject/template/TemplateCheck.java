package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.mark.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for what is wrong with a template, by the paths of its keys. */
final class TemplateCheck {
    /** The largest length that IP's header can say. */
    private static final int MAX_PACKET_BYTES = 65_535;

    private static final int FIRST_ETHERTYPE = 0x0600;
    private static final int MOST_VARIATIONS = 64;

    private final Layout layout;
    private final Map<Field, FieldValue> fields;
    private final Content content;
    private final FrameLengths lengths;
    private final List<Variation> variations;
    private final Optional<Mark> mark;
    private final List<Problem> problems = new ArrayList<>();

    TemplateCheck(
            Layout layout,
            Map<Field, FieldValue> fields,
            Content content,
            FrameLengths lengths,
            List<Variation> variations,
            Optional<Mark> mark) {
        this.layout = layout;
        this.fields = fields;
        this.content = content;
        this.lengths = lengths;
        this.variations = variations;
        this.mark = mark;
    }

    List<Problem> problems() {
        if (content instanceof Content.RawFrame) {
            checkRaw();
        } else {
            checkLayers();
            checkFields();
            checkMark();
        }
        checkContent();
        checkLengths();
        if (variations.size() > MOST_VARIATIONS) {
            problem("vary", "must be at most " + MOST_VARIATIONS + ", not " + variations.size());
        } else if (problems.isEmpty()) {
            int shortest = lengths.bytes().isEmpty() ? contentBytes() : Collections.min(lengths.bytes());
            new VariationCheck(layout, fields, mark, shortest).check(variations, problems);
        }
        return problems;
    }

    private void problem(String key, String message) {
        problems.add(new Problem(key, message));
    }

    private void checkRaw() {
        layout.layers().stream()
                .findFirst()
                .ifPresent(layer ->
                        problem(layer == Layer.ETHERNET ? "raw" : layer.key(), "a raw frame has its headers already"));
        fields.keySet().stream()
                .findFirst()
                .ifPresent(field -> problem(field.path(), "does not go with raw, which is the whole frame"));
        mark.ifPresent(_ -> problem("mark", "does not go with raw, which is the whole frame"));
        int bytes = content.bytes().length;
        if (bytes < FrameLengths.LEAST_BYTES) {
            problem("raw", "must be at least " + FrameLengths.LEAST_BYTES + " bytes, an Ethernet header, not " + bytes);
        }
    }

    private void checkLayers() {
        if (!layout.has(Layer.ETHERNET)) {
            problem("destination", "needs an Ethernet header");
        }
        if (layout.has(Layer.INNER_VLAN) && !layout.has(Layer.VLAN)) {
            problem("vlan2", "is the second tag: give a first");
        }
        needsOneOf(Layer.UDP, Layer.IPV4, Layer.IPV6);
        needsOneOf(Layer.TCP, Layer.IPV4, Layer.IPV6);
        needsOneOf(Layer.ICMP, Layer.IPV4);
        needsOneOf(Layer.ICMPV6, Layer.IPV6);
        onlyOneOf(Layer.ARP, Layer.IPV4, Layer.IPV6);
        onlyOneOf(Layer.UDP, Layer.TCP, Layer.ICMP, Layer.ICMPV6);
        FieldValue fragment = fields.getOrDefault(Field.IPV4_FRAGMENT_OFFSET, FieldValue.of(0));
        if (fragment.low() != 0 && layout.transport().isPresent()) {
            problem(
                    Field.IPV4_FRAGMENT_OFFSET.path(),
                    "is that of a later fragment, which has no "
                            + layout.transport().get().key() + " header: give its bytes as payload");
        }
    }

    private void needsOneOf(Layer layer, Layer... below) {
        if (layout.has(layer) && List.of(below).stream().noneMatch(layout::has)) {
            List<String> names = List.of(below).stream().map(Layer::key).toList();
            problem(layer.key(), "needs a table " + String.join(" or ", names) + " below it");
        }
    }

    private void onlyOneOf(Layer... layers) {
        List<Layer> given = List.of(layers).stream().filter(layout::has).toList();
        if (given.size() > 1) {
            problem(
                    given.getLast().key(),
                    "does not go with " + given.getFirst().key() + ": a frame has one of them");
        }
    }

    private void checkFields() {
        for (Layer layer : layout.layers()) {
            for (Field field : Field.of(layer)) {
                if (field.isNeeded() && !fields.containsKey(field)) {
                    problem(field.path(), "needs a value");
                }
            }
        }
        if (!fields.containsKey(Field.DESTINATION) && !destinationFollows()) {
            problem("destination", "needs a value: the address to send to");
        }
        fields.forEach(this::checkField);
    }

    private boolean destinationFollows() {
        FieldValue request = FieldValue.of(1);
        boolean isRequest = fields.getOrDefault(Field.ARP_OPERATION, request).equals(request);
        return content instanceof Content.Lldp || (layout.has(Layer.ARP) && isRequest);
    }

    private void checkField(Field field, FieldValue value) {
        if (!layout.has(field.layer())) {
            problem(field.path(), "is of a header that the frame does not have");
        } else if (!fits(value, field.bits())) {
            problem(field.path(), "does not fit " + field.bits() + " bits");
        }
        if (field == Field.SOURCE && (value.low() >>> 40 & 1) != 0) {
            problem("source", "must be the address of one station, not a group's: " + value.toMac());
        }
        if (field == Field.ETHERTYPE && value.low() < FIRST_ETHERTYPE) {
            problem("ethertype", "must be from 0x0600 to 0xffff, not 0x%x (less is a length)".formatted(value.low()));
        }
    }

    static boolean fits(FieldValue value, int bits) {
        boolean fitsLong = bits == Long.SIZE || (bits < Long.SIZE && value.low() >>> bits == 0);
        return bits > Long.SIZE || (value.high() == 0 && fitsLong);
    }

    private void checkMark() {
        if (mark.isEmpty()) {
            return;
        }
        boolean behindType = layout.layers().stream().noneMatch(layer -> layer.compareTo(Layer.INNER_VLAN) > 0)
                && content instanceof Content.Payload;
        if (behindType
                && !fields.getOrDefault(Field.ETHERTYPE, FieldValue.of(Mark.ETHERTYPE))
                        .equals(FieldValue.of(Mark.ETHERTYPE))) {
            problem("ethertype", "must be 0x88b5 for a frame with a mark and no IP");
        } else if (!behindType && !layout.has(Layer.UDP)) {
            problem("mark", "goes with udp, or with a payload right behind the EtherType 0x88b5");
        }
        if (mark.get().first() < 0) {
            problem("mark.first", "must be 0 or more, not " + mark.get().first());
        }
    }

    private void checkContent() {
        switch (content) {
            case Content.Payload payload -> {
                checkBytes("payload", payload.hex());
                if (layout.has(Layer.ARP) && !payload.hex().isEmpty()) {
                    problem("payload", "does not go with arp; length pads the frame");
                }
            }
            case Content.RawFrame raw -> checkBytes("raw", raw.hex());
            case Content.Lldp unit -> {
                LldpUnit.check(unit, problems);
                layout.layers().stream()
                        .filter(layer -> layer.compareTo(Layer.INNER_VLAN) > 0)
                        .findFirst()
                        .ifPresent(layer -> problem(layer.key(), "does not go with lldp"));
            }
        }
    }

    private void checkBytes(String key, String hex) {
        int bytes = hex.length() / 2;
        int most = Content.MAX_BYTES + (content instanceof Content.RawFrame ? FrameTemplate.HEADER_BYTES : 0);
        if (bytes > most) {
            problem(key, "must be at most " + most + " bytes, the most that any link carries, not " + bytes);
        }
    }

    private int contentBytes() {
        int markBytes = mark.isPresent() ? Mark.BYTES : 0;
        return layout.headerBytes() + (problems.isEmpty() ? content.bytes().length : 0) + markBytes;
    }

    private void checkLengths() {
        int least = contentBytes();
        lengths.bytes().stream()
                .filter(length -> length < least)
                .findFirst()
                .ifPresent(length -> problem(
                        "length", "must be at least the " + least + " bytes that the content takes, not " + length));
        int longest = lengths.bytes().stream().max(Integer::compare).orElse(least);
        layout.network().map(layout::start).ifPresent(start -> {
            if (longest - start > MAX_PACKET_BYTES) {
                problem(
                        lengths.bytes().isEmpty() ? "payload" : "length",
                        "makes a packet of " + (longest - start) + " bytes: IP's longest is " + MAX_PACKET_BYTES);
            }
        });
    }
}
