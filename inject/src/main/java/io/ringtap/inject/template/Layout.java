package io.ringtap.inject.template;

import java.util.Optional;
import java.util.Set;

/** The places of a frame's headers. */
record Layout(Set<Layer> layers) {
    private static final int ADDRESS_BYTES = 12;

    boolean has(Layer layer) {
        return layers.contains(layer);
    }

    /** Bytes in front of a header; a VLAN tag begins with its TPID, where the EtherType would be. */
    int start(Layer layer) {
        if (layer == Layer.ETHERNET) {
            return 0;
        }
        int start = layer == Layer.VLAN || layer == Layer.INNER_VLAN ? ADDRESS_BYTES : Layer.ETHERNET.bytes();
        for (Layer before : layers) {
            start += before != Layer.ETHERNET && before.compareTo(layer) < 0 ? before.bytes() : 0;
        }
        return start;
    }

    /** Bits in front of a field. */
    int bitStart(Field field) {
        int tags = (has(Layer.VLAN) ? 1 : 0) + (has(Layer.INNER_VLAN) ? 1 : 0);
        int shift = field == Field.ETHERTYPE ? tags * Layer.VLAN.bytes() * Byte.SIZE : 0;
        return start(field.layer()) * Byte.SIZE + field.bitOffset() + shift;
    }

    /** All headers together. */
    int headerBytes() {
        return layers.stream().mapToInt(Layer::bytes).sum();
    }

    /** The header of IP. */
    Optional<Layer> network() {
        return only(Layer.IPV4, Layer.IPV6);
    }

    /** The header behind that of IP. */
    Optional<Layer> transport() {
        return only(Layer.UDP, Layer.TCP, Layer.ICMP, Layer.ICMPV6);
    }

    private Optional<Layer> only(Layer... candidates) {
        for (Layer candidate : candidates) {
            if (has(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
