package io.ringtap.inject.template;

/** A header that a template can have. Its key is that of its table in a configuration. */
public enum Layer {
    /** Always there; its fields stand in the frame's own table. */
    ETHERNET("", 14),
    /** The outermost VLAN tag. */
    VLAN("vlan", 4),
    /** The second VLAN tag. */
    INNER_VLAN("vlan2", 4),
    ARP("arp", 28),
    IPV4("ipv4", 20),
    IPV6("ipv6", 40),
    UDP("udp", 8),
    TCP("tcp", 20),
    ICMP("icmp", 8),
    ICMPV6("icmpv6", 8);

    private final String key;
    private final int bytes;

    Layer(String key, int bytes) {
        this.key = key;
        this.bytes = bytes;
    }

    /** Returns what its fields' paths begin with; empty for Ethernet. */
    public String key() {
        return key;
    }

    /** Returns how long the header is. */
    int bytes() {
        return bytes;
    }
}
