package io.ringtap.frame;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The UDP ports by which tunnels are known. A datagram is looked into if one of its two ports, and its first bytes, are of a tunnel.
 * Immutable.
 */
public final class TunnelPorts {
    /** The tunnels that have ports. */
    public static final List<Tunnel> TUNNELS = List.of(Tunnel.VXLAN, Tunnel.GENEVE, Tunnel.GTP_U, Tunnel.TEREDO);

    /** The ports that IANA gave them, and 8472, which Linux has for VXLAN where nothing else is said. */
    public static final TunnelPorts DEFAULT = new TunnelPorts(Map.of(
            Tunnel.VXLAN, List.of(4789, 8472),
            Tunnel.GENEVE, List.of(6081),
            Tunnel.GTP_U, List.of(2152),
            Tunnel.TEREDO, List.of(3544)));

    private final Map<Tunnel, List<Integer>> ports;
    private final int[] numbers;
    private final Tunnel[] tunnels;

    /** A bit for each port that there is, by its low six bits: most datagrams need no further look. */
    private final long lowBits;

    /**
     * Ports by tunnel; of a tunnel that is not among them, none.
     *
     * @throws IllegalArgumentException if a tunnel has no ports, a port is not from 1 to 65535, or two tunnels have the same
     */
    public TunnelPorts(Map<Tunnel, List<Integer>> ports) {
        this.ports = new EnumMap<>(Tunnel.class);
        int count = ports.values().stream().mapToInt(List::size).sum();
        numbers = new int[count];
        tunnels = new Tunnel[count];
        long bits = 0;
        int i = 0;
        for (Map.Entry<Tunnel, List<Integer>> entry : ports.entrySet()) {
            if (!TUNNELS.contains(entry.getKey())) {
                throw new IllegalArgumentException(entry.getKey().text() + " is not known by a port");
            }
            this.ports.put(entry.getKey(), List.copyOf(entry.getValue()));
            for (int port : entry.getValue()) {
                if (port < 1 || port > 0xffff) {
                    throw new IllegalArgumentException("ports are from 1 to 65535, not " + port);
                }
                if (find(port, i) != null) {
                    throw new IllegalArgumentException("port " + port + " can be of one tunnel only");
                }
                numbers[i] = port;
                tunnels[i++] = entry.getKey();
                bits |= 1L << port;
            }
        }
        lowBits = bits;
    }

    /** Returns the ports of a tunnel. */
    public List<Integer> of(Tunnel tunnel) {
        return ports.getOrDefault(tunnel, List.of());
    }

    /** Returns these with other ports for a tunnel. @throws IllegalArgumentException as the constructor */
    public TunnelPorts with(Tunnel tunnel, List<Integer> others) {
        Map<Tunnel, List<Integer>> changed = new EnumMap<>(ports);
        changed.put(tunnel, others);
        return new TunnelPorts(changed);
    }

    /** The tunnel that a port is of, or null. */
    @Nullable
    Tunnel find(int port) {
        return mayBe(port) ? find(port, numbers.length) : null;
    }

    /** Returns false if a port is of no tunnel: of most others, too. */
    boolean mayBe(int port) {
        return (lowBits >>> port & 1) != 0;
    }

    private @Nullable Tunnel find(int port, int count) {
        for (int i = 0; i < count; i++) {
            if (numbers[i] == port) {
                return tunnels[i];
            }
        }
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TunnelPorts that && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return ports.hashCode();
    }

    @Override
    public String toString() {
        return ports.toString();
    }
}
