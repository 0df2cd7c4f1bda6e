package io.ringtap.capture.ring;

/**
 * Takes a share of all flows, by their hash: a flow is always in or always out, in both directions, in every process. The
 * hash is mixed again first, for its upper bits also pick the thread.
 */
final class FlowSample {
    static final FlowSample ALL = new FlowSample(1);

    private static final long HASHES = 1L << 32;

    private final long limit;

    /** A sample of {@code share} of the flows: above 0, and 1 for all. */
    FlowSample(double share) {
        limit = Math.max(1, Math.round(share * HASHES));
    }

    /** Returns whether it takes every flow, so that no hash needs to be known. */
    boolean isAll() {
        return limit == HASHES;
    }

    boolean takes(int flowHash) {
        return Integer.toUnsignedLong(mix(flowHash)) < limit;
    }

    /** The 32-bit finaliser of MurmurHash3 (Austin Appleby), of the hash moved away from 0, which it keeps in place. */
    private static int mix(int hash) {
        int z = hash + 0x9e3779b9;
        z = (z ^ z >>> 16) * 0x85ebca6b;
        z = (z ^ z >>> 13) * 0xc2b2ae35;
        return z ^ z >>> 16;
    }
}
