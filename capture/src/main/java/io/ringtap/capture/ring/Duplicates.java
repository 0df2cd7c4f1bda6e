package io.ringtap.capture.ring;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * Knows frames again that came before within a time, as where two mirror ports copy one: by a 64-bit hash of what such copies have
 * in common. That is, of what is innermost in a frame, all from the network header on to IP's end: not MAC addresses, VLAN tags,
 * labels, tunnels and padding; of a frame without a network header, all bytes. A router between two copies changes the time to
 * live, and makes them differ. Its memory is bounded: where more frames come within the time, the oldest of some is forgotten, and
 * its copy passes. One thread.
 */
final class Duplicates {
    /** A power of two: two megabytes for each thread, enough for 50 ms at 2.6 million frames a second. */
    static final int FRAMES = 1 << 17;

    private static final int WAYS = 4;
    private static final int BUCKETS = FRAMES / WAYS;

    // Of each frame its hash, never 0, and its time.
    private final long[] seen = new long[2 * FRAMES];
    private final long withinNanos;
    private final long seed;

    /** @param within how far apart two copies may be, by the frames' times */
    Duplicates(Duration within) {
        withinNanos = within.toNanos();
        seed = new SecureRandom().nextLong(); // a stranger's frames must not pass for others' copies
    }

    /** Returns whether a frame came before; if not, it is remembered. */
    boolean isOne(Frame frame) {
        long hash = hash(frame);
        long now = frame.timestampNanos();
        int bucket = 2 * WAYS * (int) (hash & (BUCKETS - 1));
        int oldest = bucket;
        for (int at = bucket; at < bucket + 2 * WAYS; at += 2) {
            if (seen[at] == hash && Math.abs(now - seen[at + 1]) <= withinNanos) {
                return true;
            }
            if (seen[at] == 0 || (seen[oldest] != 0 && seen[at + 1] < seen[oldest + 1])) {
                oldest = at;
            }
        }
        seen[oldest] = hash;
        seen[oldest + 1] = now;
        return false;
    }

    private long hash(Frame frame) {
        Headers headers = frame.headers().innermost();
        boolean ip = headers.isIp();
        int from = headers.networkOffset() >= 0 ? headers.networkOffset() : Math.max(0, headers.linkOffset());
        int to = ip ? headers.payloadOffset() + headers.payloadLength() : frame.length();
        long hash = fold(seed ^ (to - from), frame.originalLength() == frame.length() ? 1 : 2);
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = fold(hash ^ frame.longAt(at), 0x9e37_79b9_7f4a_7c15L);
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = rest << 8 | frame.unsignedByteAt(at);
        }
        hash = fold(hash ^ rest, 0xc2b2_ae3d_27d4_eb4fL);
        return hash == 0 ? 1 : hash;
    }

    /** As in wyhash (Wang Yi, public domain). */
    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ (a * b);
    }
}
