package io.ringtap.frame;

/**
 * A 32-bit hash of the conversation a frame belongs to, the same for both directions: addresses and, where the frame
 * has them, TCP, UDP, UDP-Lite or SCTP ports of IPv4 and IPv6. Every fragment of a datagram, the first too, is hashed by
 * addresses and protocol alone, so that all go the same way. What is not IP, or whose headers do not hold, is hashed by its
 * pair of MAC addresses.
 *
 * <p>Not a defence: somebody who wants all their frames on one thread can have that.
 */
public final class FlowHash {
    private FlowHash() {}

    /** The hash of a frame's innermost conversation; all 32 bits are well mixed. */
    public static int of(Frame frame) {
        return of(frame.headers().innermost());
    }

    /** The hash of the conversation of one level, so of a tunnel as of what is inside; all 32 bits are well mixed. */
    public static int of(Headers level) {
        if (level.networkKind() == HeaderPlaces.IPV4) {
            long both = level.ipv4Addresses();
            return flow(level, both >>> 32, both & 0xffff_ffffL);
        }
        if (level.networkKind() == HeaderPlaces.IPV6) {
            long source = mix(level.sourceHigh()) + level.sourceLow();
            long destination = mix(level.destinationHigh()) + level.destinationLow();
            return flow(level, source, destination);
        }
        return level.hasMacs() ? fold(mix(level.sourceMac()) + mix(level.destinationMac())) : 0;
    }

    /** Both ends are mixed alike and added, so that exchanging them changes nothing. */
    private static int flow(Headers level, long source, long destination) {
        long a = source;
        long b = destination;
        if (level.hasFlowPorts()) {
            int both = level.ports();
            a += (long) (both >>> 16) << 40;
            b += (long) (both & 0xffff) << 40;
        }
        return fold(mix(a) + mix(b) + level.flowProtocol());
    }

    private static int fold(long hash) {
        long mixed = mix(hash);
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
