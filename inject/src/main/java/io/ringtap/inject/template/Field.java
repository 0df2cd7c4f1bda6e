package io.ringtap.inject.template;

import static io.ringtap.inject.template.FieldKind.FLAG;
import static io.ringtap.inject.template.FieldKind.IPV4_ADDRESS;
import static io.ringtap.inject.template.FieldKind.IPV6_ADDRESS;
import static io.ringtap.inject.template.FieldKind.MAC;
import static io.ringtap.inject.template.FieldKind.NUMBER;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A field of a header: where it stands, how wide it is, and how it is spelt. Positions follow RFC 791, 8200, 768, 9293,
 * 792, 4443, 826 and IEEE 802.1Q.
 */
public enum Field {
    DESTINATION(Layer.ETHERNET, "destination", MAC, 0, 48, Absent.FOLLOWS),
    SOURCE(Layer.ETHERNET, "source", MAC, 48, 48, Absent.FOLLOWS),
    /** Stands behind the tags; 0x0600 and more, less is a length. */
    ETHERTYPE(Layer.ETHERNET, "ethertype", NUMBER, 96, 16, Absent.FOLLOWS),

    VLAN_TPID(Layer.VLAN, "tpid", NUMBER, 0, 16, Absent.FOLLOWS),
    VLAN_PRIORITY(Layer.VLAN, "priority", NUMBER, 16, 3, 0),
    VLAN_DROP_ELIGIBLE(Layer.VLAN, "drop-eligible", FLAG, 19, 1, 0),
    VLAN_ID(Layer.VLAN, "id", NUMBER, 20, 12, Absent.REFUSED),
    INNER_VLAN_TPID(Layer.INNER_VLAN, "tpid", NUMBER, 0, 16, 0x8100),
    INNER_VLAN_PRIORITY(Layer.INNER_VLAN, "priority", NUMBER, 16, 3, 0),
    INNER_VLAN_DROP_ELIGIBLE(Layer.INNER_VLAN, "drop-eligible", FLAG, 19, 1, 0),
    INNER_VLAN_ID(Layer.INNER_VLAN, "id", NUMBER, 20, 12, Absent.REFUSED),

    ARP_OPERATION(Layer.ARP, "operation", FieldKind.ARP_OPERATION, 48, 16, 1),
    ARP_SENDER_MAC(Layer.ARP, "sender-mac", MAC, 64, 48, Absent.FOLLOWS),
    ARP_SENDER_IP(Layer.ARP, "sender-ip", IPV4_ADDRESS, 112, 32, Absent.REFUSED),
    ARP_TARGET_MAC(Layer.ARP, "target-mac", MAC, 144, 48, 0),
    ARP_TARGET_IP(Layer.ARP, "target-ip", IPV4_ADDRESS, 192, 32, Absent.REFUSED),

    IPV4_DSCP(Layer.IPV4, "dscp", NUMBER, 8, 6, 0),
    IPV4_ECN(Layer.IPV4, "ecn", NUMBER, 14, 2, 0),
    IPV4_LENGTH(Layer.IPV4, "length", NUMBER, 16, 16, Absent.FOLLOWS),
    IPV4_IDENTIFICATION(Layer.IPV4, "identification", NUMBER, 32, 16, 0),
    IPV4_DONT_FRAGMENT(Layer.IPV4, "dont-fragment", FLAG, 49, 1, 0),
    IPV4_MORE_FRAGMENTS(Layer.IPV4, "more-fragments", FLAG, 50, 1, 0),
    /** In units of 8 bytes, as the header has it. */
    IPV4_FRAGMENT_OFFSET(Layer.IPV4, "fragment-offset", NUMBER, 51, 13, 0),
    IPV4_TTL(Layer.IPV4, "ttl", NUMBER, 64, 8, 64),
    IPV4_PROTOCOL(Layer.IPV4, "protocol", NUMBER, 72, 8, Absent.FOLLOWS),
    IPV4_CHECKSUM(Layer.IPV4, "checksum", NUMBER, 80, 16, Absent.FOLLOWS),
    IPV4_SOURCE(Layer.IPV4, "source", IPV4_ADDRESS, 96, 32, Absent.REFUSED),
    IPV4_DESTINATION(Layer.IPV4, "destination", IPV4_ADDRESS, 128, 32, Absent.REFUSED),

    IPV6_DSCP(Layer.IPV6, "dscp", NUMBER, 4, 6, 0),
    IPV6_ECN(Layer.IPV6, "ecn", NUMBER, 10, 2, 0),
    IPV6_FLOW_LABEL(Layer.IPV6, "flow-label", NUMBER, 12, 20, 0),
    IPV6_LENGTH(Layer.IPV6, "length", NUMBER, 32, 16, Absent.FOLLOWS),
    IPV6_NEXT_HEADER(Layer.IPV6, "next-header", NUMBER, 48, 8, Absent.FOLLOWS),
    IPV6_HOP_LIMIT(Layer.IPV6, "hop-limit", NUMBER, 56, 8, 64),
    IPV6_SOURCE(Layer.IPV6, "source", IPV6_ADDRESS, 64, 128, Absent.REFUSED),
    IPV6_DESTINATION(Layer.IPV6, "destination", IPV6_ADDRESS, 192, 128, Absent.REFUSED),

    UDP_SOURCE_PORT(Layer.UDP, "source-port", NUMBER, 0, 16, Absent.REFUSED),
    UDP_DESTINATION_PORT(Layer.UDP, "destination-port", NUMBER, 16, 16, Absent.REFUSED),
    UDP_LENGTH(Layer.UDP, "length", NUMBER, 32, 16, Absent.FOLLOWS),
    UDP_CHECKSUM(Layer.UDP, "checksum", NUMBER, 48, 16, Absent.FOLLOWS),

    TCP_SOURCE_PORT(Layer.TCP, "source-port", NUMBER, 0, 16, Absent.REFUSED),
    TCP_DESTINATION_PORT(Layer.TCP, "destination-port", NUMBER, 16, 16, Absent.REFUSED),
    TCP_SEQUENCE_NUMBER(Layer.TCP, "sequence-number", NUMBER, 32, 32, 0),
    TCP_ACKNOWLEDGMENT_NUMBER(Layer.TCP, "acknowledgment-number", NUMBER, 64, 32, 0),
    TCP_FLAGS(Layer.TCP, "flags", FieldKind.TCP_FLAGS, 104, 8, 2),
    TCP_WINDOW(Layer.TCP, "window", NUMBER, 112, 16, 65_535),
    TCP_CHECKSUM(Layer.TCP, "checksum", NUMBER, 128, 16, Absent.FOLLOWS),
    TCP_URGENT_POINTER(Layer.TCP, "urgent-pointer", NUMBER, 144, 16, 0),

    ICMP_TYPE(Layer.ICMP, "type", FieldKind.ICMP_TYPE, 0, 8, 8),
    ICMP_CODE(Layer.ICMP, "code", NUMBER, 8, 8, 0),
    ICMP_CHECKSUM(Layer.ICMP, "checksum", NUMBER, 16, 16, Absent.FOLLOWS),
    ICMP_IDENTIFIER(Layer.ICMP, "identifier", NUMBER, 32, 16, 0),
    ICMP_SEQUENCE_NUMBER(Layer.ICMP, "sequence-number", NUMBER, 48, 16, 0),

    ICMPV6_TYPE(Layer.ICMPV6, "type", FieldKind.ICMPV6_TYPE, 0, 8, 128),
    ICMPV6_CODE(Layer.ICMPV6, "code", NUMBER, 8, 8, 0),
    ICMPV6_CHECKSUM(Layer.ICMPV6, "checksum", NUMBER, 16, 16, Absent.FOLLOWS),
    ICMPV6_IDENTIFIER(Layer.ICMPV6, "identifier", NUMBER, 32, 16, 0),
    ICMPV6_SEQUENCE_NUMBER(Layer.ICMPV6, "sequence-number", NUMBER, 48, 16, 0);

    /** The meaning of a field that is not given. */
    private enum Absent {
        /** It follows from the rest of the frame, or from the interface. */
        FOLLOWS,
        REFUSED,
        DEFAULT
    }

    private static final long FIRST_ETHERTYPE = 0x0600;

    private final Layer layer;
    private final String key;
    private final FieldKind kind;
    private final int bitOffset;
    private final int bits;
    private final Absent absent;
    private final long fallback;

    Field(Layer layer, String key, FieldKind kind, int bitOffset, int bits, Absent absent) {
        this(layer, key, kind, bitOffset, bits, absent, 0);
    }

    Field(Layer layer, String key, FieldKind kind, int bitOffset, int bits, long fallback) {
        this(layer, key, kind, bitOffset, bits, Absent.DEFAULT, fallback);
    }

    Field(Layer layer, String key, FieldKind kind, int bitOffset, int bits, Absent absent, long fallback) {
        this.layer = layer;
        this.key = key;
        this.kind = kind;
        this.bitOffset = bitOffset;
        this.bits = bits;
        this.absent = absent;
        this.fallback = fallback;
    }

    /** The field of a path such as {@code udp.source-port}. */
    public static Optional<Field> ofPath(String path) {
        return Arrays.stream(values())
                .filter(field -> field.path().equals(path))
                .findFirst();
    }

    /** The fields of a layer, in the order they stand in. */
    public static List<Field> of(Layer layer) {
        return Arrays.stream(values()).filter(field -> field.layer == layer).toList();
    }

    public Layer layer() {
        return layer;
    }

    /** Its key in its layer's table. */
    public String key() {
        return key;
    }

    /** Its name: the layer's key, a dot, and its own. */
    public String path() {
        return layer.key().isEmpty() ? key : layer.key() + "." + key;
    }

    public FieldKind kind() {
        return kind;
    }

    /** Returns whether a template that has the layer must give it. */
    public boolean isNeeded() {
        return absent == Absent.REFUSED;
    }

    /** Returns what it holds if it is not given; absent if it follows from the rest or is needed. */
    public Optional<FieldValue> fallback() {
        return absent == Absent.DEFAULT ? Optional.of(FieldValue.of(fallback)) : Optional.empty();
    }

    /** Bits from the start of the layer to its first one. */
    int bitOffset() {
        return bitOffset;
    }

    int bits() {
        return bits;
    }

    /** The value of a number. @throws IllegalArgumentException whose message reads on after the field's name */
    public FieldValue number(long number) {
        if (!kind.takesNumbers()) {
            throw new IllegalArgumentException("must be " + kind.wanted() + ", not the number " + number);
        }
        if (number < least() || number > most()) {
            throw new IllegalArgumentException(
                    this == ETHERTYPE
                            ? "must be from 0x0600 to 0xffff, not %#x".formatted(number)
                            : "must be from 0 to " + most() + ", not " + number);
        }
        return FieldValue.of(number);
    }

    /** The value that a text stands for. @throws IllegalArgumentException whose message reads on after the name */
    public FieldValue text(String text) {
        try {
            return kind.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be " + kind.wanted(), e);
        }
    }

    /** The least number that can be given. */
    public long least() {
        return this == ETHERTYPE ? FIRST_ETHERTYPE : 0;
    }

    /** The largest number that it holds; fields of more than 63 bits take no numbers. */
    public long most() {
        return (1L << bits) - 1;
    }
}
