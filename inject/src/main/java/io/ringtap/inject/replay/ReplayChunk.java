package io.ringtap.inject.replay;

import java.nio.ByteBuffer;

/** A stretch of consecutive records. Written by one thread and then, once published, read by another. */
final class ReplayChunk {
    /** Room for several of the largest records. */
    static final int BYTES = 1 << 20;

    final ByteBuffer memory = memory(BYTES);

    /** Where its last record ends. */
    int end;

    /** Which loop through the file it is of, from 0. */
    long loop;

    /** Off-heap, in network byte order. */
    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }
}
