package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import java.security.SecureRandom;

/**
 * Bytes of conversations so far, in memory that does not grow: one is known by a 64-bit hash of its ends, which nobody who does not
 * know the seed can have collide, and has one of 16 places. Where all of them are taken, the conversation that has been
 * silent for longest is forgotten: it begins anew, so that never less of one is kept than was asked for. One thread.
 */
final class FlowBytes {
    /** Places in 16 MiB. */
    static final int PLACES = 1 << 20;

    private static final int WAYS = 16;

    /** A second or so. */
    private static final int TICK_SHIFT = 30;

    private static final int TICK_BITS = 24;
    private static final int TICK_MASK = (1 << TICK_BITS) - 1;

    /** After so long a silence it is another conversation, by the same ports perhaps: five minutes. */
    private static final int IDLE_TICKS = 280;

    private static final int TCP_SYN = 2;
    private static final int TCP_ACK = 16;

    private final long mostBytes;

    /** By place, 0 where there is none. */
    private final long[] hashes;

    /** Bytes so far, above the time of the last frame. */
    private final long[] states;

    private final long seed;
    private long forgotten;

    /** Keeps so many bytes of each conversation. */
    FlowBytes(long mostBytes, int places) {
        this(mostBytes, places, new SecureRandom().nextLong());
    }

    FlowBytes(long mostBytes, int places, long seed) {
        this.mostBytes = Math.min(mostBytes, Long.MAX_VALUE >>> (TICK_BITS + 1));
        this.seed = seed;
        hashes = new long[places];
        states = new long[places];
    }

    /**
     * Counts a frame by its length on the link; false if its conversation has had its bytes before it. A frame with neither
     * addresses of IP nor of Ethernet is of none, and always taken.
     */
    boolean take(Frame frame) {
        Headers headers = frame.headers().innermost();
        if (!headers.isIp() && !headers.hasMacs()) {
            return true;
        }
        int now = (int) (frame.timestampNanos() >>> TICK_SHIFT) & TICK_MASK;
        int place = place(hash(headers), now);
        int flags = headers.tcpFlags();
        boolean first = flags >= 0 && (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
        long state = states[place];
        long before = first || age(state, now) > IDLE_TICKS ? 0 : state >>> TICK_BITS;
        boolean taken = before < mostBytes;
        states[place] = (taken ? before + frame.originalLength() : before) << TICK_BITS | now;
        return taken;
    }

    /** Conversations that were forgotten for others so far. */
    long forgotten() {
        return forgotten;
    }

    /** A clock that was put back makes nothing old. */
    private static int age(long state, int now) {
        int age = (now - (int) state) & TICK_MASK;
        return age > TICK_MASK >>> 1 ? 0 : age;
    }

    private int place(long hash, int now) {
        int start = (int) (hash >>> 32) & (hashes.length - 1) & -WAYS;
        int oldest = start;
        int oldestAge = -1;
        for (int place = start; place < start + WAYS; place++) {
            if (hashes[place] == hash) {
                return place;
            }
            int age = hashes[place] == 0 ? Integer.MAX_VALUE : age(states[place], now);
            if (age > oldestAge) {
                oldest = place;
                oldestAge = age;
            }
        }
        if (hashes[oldest] != 0 && oldestAge <= IDLE_TICKS) {
            forgotten++;
        }
        hashes[oldest] = hash;
        states[oldest] = now;
        return oldest;
    }

    /** The same for both directions: both ends are mixed alike, and added. Never 0. */
    private long hash(Headers headers) {
        long source;
        long destination;
        long kind;
        if (headers.isIp()) {
            boolean ports = headers.hasFlowPorts();
            source = end(headers.sourceHigh(), headers.sourceLow(), ports ? headers.sourcePort() : 0);
            destination =
                    end(headers.destinationHigh(), headers.destinationLow(), ports ? headers.destinationPort() : 0);
            kind = headers.flowProtocol();
        } else {
            source = end(0, headers.sourceMac(), 0);
            destination = end(0, headers.destinationMac(), 0);
            kind = (long) headers.etherType() << 16;
        }
        long hash = mix((source + destination) ^ mix((kind << 24) ^ vlans(headers) ^ seed));
        return hash == 0 ? 1 : hash;
    }

    private long end(long high, long low, int port) {
        return mix((mix(high ^ seed) + low) ^ mix(port + seed));
    }

    /** Those of the Ethernet header that is nearest around the conversation. */
    private static long vlans(Headers headers) {
        Headers link = headers;
        for (Headers outer = link.outer(); outer != null && !link.hasMacs(); outer = link.outer()) {
            link = outer;
        }
        return (long) link.vlan(0) << 12 | link.vlan(1);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
