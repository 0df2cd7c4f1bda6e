package io.ringtap.frame;

/**
 * A 32-bit hash of the conversation a frame belongs to, the same for both directions: addresses and, where the frame
 * has them, TCP, UDP, UDP-Lite or SCTP ports of IPv4 and IPv6, behind VLAN tags and MPLS labels. Every fragment of a
 * datagram, the first too, is hashed by addresses and protocol alone, so that all go the same way. Frames that are not
 * IP, or whose headers do not hold, are hashed by their pair of MAC addresses.
 *
 * <p>Not a defence: somebody who wants all their frames on one thread can have that.
 */
public final class FlowHash {
    private FlowHash() {}

    /** The hash of a frame; all 32 bits are well mixed. */
    public static int of(Frame frame) {
        long headers = FlowHeaders.find(frame);
        return switch (FlowHeaders.kind(headers)) {
            case FlowHeaders.IPV4 -> {
                int start = FlowHeaders.ipOffset(headers);
                yield flow(frame, headers, frame.intAt(start + 12), frame.intAt(start + 16));
            }
            case FlowHeaders.IPV6 -> {
                int start = FlowHeaders.ipOffset(headers);
                long source = mix(frame.longAt(start + 8)) + frame.longAt(start + 16);
                long destination = mix(frame.longAt(start + 24)) + frame.longAt(start + 32);
                yield flow(frame, headers, source, destination);
            }
            case FlowHeaders.MAC -> byMac(frame);
            default -> 0;
        };
    }

    /** Both ends are mixed alike and added, so that exchanging them changes nothing. */
    private static int flow(Frame frame, long headers, long source, long destination) {
        long a = source;
        long b = destination;
        int ports = FlowHeaders.portsOffset(headers);
        if (ports > 0) {
            a += (long) frame.unsignedShortAt(ports) << 40;
            b += (long) frame.unsignedShortAt(ports + 2) << 40;
        }
        return fold(mix(a) + mix(b) + FlowHeaders.protocol(headers));
    }

    private static int byMac(Frame frame) {
        long destination = (long) frame.intAt(0) << 16 | frame.unsignedShortAt(4);
        long source = (long) frame.intAt(6) << 16 | frame.unsignedShortAt(10);
        return fold(mix(source) + mix(destination));
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
