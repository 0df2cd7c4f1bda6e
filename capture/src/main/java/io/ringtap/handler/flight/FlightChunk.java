package io.ringtap.handler.flight;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory that a handler's thread fills with records of a pcapng file, and the recorder's reads for dumps. */
final class FlightChunk {
    /** More than the longest record. */
    static final int BYTES = 512 << 10;

    final ByteBuffer bytes;

    /** Its place among all that its ring ever filled. */
    long number;

    /** The handler's: records so far, and the time of the last. */
    int filled;

    int frames;
    long lastNanos;

    /** {@link #filled} and {@link #frames}, together, as others may see them. */
    private volatile long published;

    /** What is filled after it; null while more may be filled in here. */
    private volatile @Nullable FlightChunk next;

    /** One in memory of {@value #BYTES} bytes. */
    FlightChunk(MemorySegment memory) {
        bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Empties it; whoever read it must have moved on. */
    void begin(long newNumber) {
        number = newNumber;
        filled = 0;
        frames = 0;
        lastNanos = 0;
        published = 0;
        next = null;
    }

    /** Shows others what is filled. */
    void publish() {
        published = (long) filled << 32 | frames;
    }

    /** Nothing more is filled in: what is published is all. */
    void end(FlightChunk following) {
        next = following;
    }

    /** To be looked at before what is published. */
    @Nullable
    FlightChunk next() {
        return next;
    }

    int publishedBytes() {
        return (int) (published >>> 32);
    }

    int publishedFrames() {
        return (int) published;
    }
}
