package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.frame.Headers;

/**
 * What of frames is kept.
 *
 * @param sliceBytes the most of a frame; {@link #HEADERS} for its headers, {@link #WHOLE} for all that was captured
 * @param flowBytes the most of a conversation's beginning; 0 for all
 */
record KeptBytes(int sliceBytes, long flowBytes) {
    static final int WHOLE = 0;
    static final int HEADERS = -1;

    /** The longest frame that libpcap takes. */
    private static final int MOST_SLICE_BYTES = 262_144;

    static KeptBytes read(HandlerSettings keys) {
        return new KeptBytes(
                (int) keys.numberOr("slice", "headers", HEADERS, WHOLE, 1, MOST_SLICE_BYTES),
                keys.bytes("flow-bytes", 0));
    }

    /** Returns whether all of all frames is. */
    boolean everything() {
        return sliceBytes == WHOLE && flowBytes == 0;
    }

    /** Bytes of a frame that are kept, from its first one. Of one that is not IP in the end, headers are all of it. */
    int of(Frame frame) {
        if (sliceBytes == WHOLE) {
            return frame.length();
        }
        if (sliceBytes != HEADERS) {
            return Math.min(sliceBytes, frame.length());
        }
        Headers innermost = frame.headers().innermost();
        return innermost.isIp() ? innermost.payloadOffset() : frame.length();
    }
}
