package io.ringtap.inject.template;

import io.ringtap.inject.mark.Mark;
import org.pcap4j.util.MacAddress;

/** The values of a template's fields: what is given, else what follows from the rest, else the default. */
record HeaderValues(FrameTemplate template, MacAddress own) {
    private static final long TAG_8021Q = 0x8100;
    private static final long TAG_8021AD = 0x88a8;
    private static final long ARP_ETHERTYPE = 0x0806;
    private static final long IPV4_ETHERTYPE = 0x0800;
    private static final long IPV6_ETHERTYPE = 0x86dd;
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    /** "Use for experimentation and testing": RFC 3692. */
    private static final long EXPERIMENTAL_PROTOCOL = 253;

    FieldValue of(Field field) {
        FieldValue given = template.fields().get(field);
        return given != null ? given : field.fallback().orElseGet(() -> derived(field));
    }

    long number(Field field) {
        return of(field).low();
    }

    boolean flag(Field field) {
        return number(field) != 0;
    }

    private FieldValue derived(Field field) {
        return switch (field) {
            case SOURCE -> FieldValue.of(own);
            case ARP_SENDER_MAC -> of(Field.SOURCE);
            default -> FieldValue.of(derivedNumber(field));
        };
    }

    private long derivedNumber(Field field) {
        return switch (field) {
            case DESTINATION -> template.content() instanceof Content.Lldp ? LldpUnit.GROUP_ADDRESS : BROADCAST;
            case ETHERTYPE -> etherType();
            case VLAN_TPID -> template.layers().contains(Layer.INNER_VLAN) ? TAG_8021AD : TAG_8021Q;
            case IPV4_PROTOCOL, IPV6_NEXT_HEADER -> protocol();
            default -> 0; // lengths and checksums, which are put in later
        };
    }

    private long etherType() {
        if (template.content() instanceof Content.Lldp) {
            return LldpUnit.ETHERTYPE;
        }
        if (template.layers().contains(Layer.ARP)) {
            return ARP_ETHERTYPE;
        }
        return template.layout()
                .network()
                .map(layer -> layer == Layer.IPV4 ? IPV4_ETHERTYPE : IPV6_ETHERTYPE)
                .orElse((long) Mark.ETHERTYPE);
    }

    private long protocol() {
        return template.layout()
                .transport()
                .map(transport -> switch (transport) {
                    case UDP -> 17L;
                    case TCP -> 6L;
                    case ICMP -> 1L;
                    default -> 58L;
                })
                .orElse(EXPERIMENTAL_PROTOCOL);
    }
}
