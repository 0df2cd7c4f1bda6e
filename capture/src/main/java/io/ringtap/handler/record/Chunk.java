package io.ringtap.handler.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that the handler's thread fills with whole records, and the writer's thread empties, starting while it is still
 * being filled.
 */
final class Chunk {
    /** Several of the largest records; small enough to be still in a cache when it is written. */
    static final int BYTES = 512 << 10;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());

    /** The handler's: records so far. */
    int filled;

    int frames;

    /** Why the last record is the last of its file, null if it is not; set before it is handed over. */
    FileEnd fileEnd;

    /** Whether nothing more will be filled in. */
    volatile boolean handedOver;

    /** The writer's: what is in a file, or lost. */
    int written;

    int framesWritten;

    /** {@link #filled} and {@link #frames}, together, as the writer may see them. */
    private volatile long published;

    /** Shows the writer what is filled. */
    void publish() {
        published = (long) filled << 32 | frames;
    }

    long published() {
        return published;
    }

    static int filled(long published) {
        return (int) (published >>> 32);
    }

    static int frames(long published) {
        return (int) published;
    }

    void clear() {
        filled = 0;
        frames = 0;
        fileEnd = null;
        handedOver = false;
        written = 0;
        framesWritten = 0;
        published = 0;
    }
}
