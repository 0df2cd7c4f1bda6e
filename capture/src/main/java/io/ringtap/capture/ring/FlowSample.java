package io.ringtap.capture.ring;

import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.frame.FlowHash;
import io.ringtap.frame.Frame;

/**
 * Takes a share of all flows, by their hash: a flow is always in or always out, in both directions, in every process. The
 * hash is mixed again first, for its upper bits also pick the thread.
 */
final class FlowSample {
    private static final long HASHES = 1L << 32;

    private final long limit;
    private final boolean outer;

    /** A sample of {@code share} of the flows, above 0, and 1 for all, of the tunnels themselves or of what is inside. */
    FlowSample(double share, Tunnels tunnels) {
        outer = tunnels == Tunnels.OUTER;
        limit = Math.max(1, Math.round(share * HASHES));
    }

    /** Returns whether it takes every flow, so that no hash needs to be known. */
    boolean isAll() {
        return limit == HASHES;
    }

    /** The hash of the conversation that a frame is of here. */
    int hash(Frame frame) {
        return outer ? FlowHash.of(frame.headers()) : frame.flowHash();
    }

    boolean takes(Frame frame) {
        return takes(hash(frame));
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
