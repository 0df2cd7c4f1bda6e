package io.ringtap.handler.flight;

import io.ringtap.handler.record.PcapngFormat;
import java.nio.ByteBuffer;

/** How far a dump has come in a ring. For the recorder's thread, but for what says otherwise. */
final class RingCursor {
    private final FlightRing ring;
    private final long missedBefore;
    private FlightChunk chunk;
    private int offset;
    private int limit;

    /** Of the first chunk, what is before this is not the dump's. */
    private long skipBeforeNanos;

    /** Since when no frame has been ready; meaningless while one is. */
    private long silentSinceNano;

    private boolean silent;

    /** For the ring, under its lock. */
    RingCursor(FlightRing ring, FlightChunk first, long fromNanos) {
        this.ring = ring;
        chunk = first;
        skipBeforeNanos = fromNanos;
        missedBefore = ring.missed();
    }

    /** For the ring, under its lock. */
    long number() {
        return chunk.number;
    }

    /** For the ring, under its lock. */
    void enter(FlightChunk next) {
        chunk = next;
        offset = 0;
        limit = 0;
        skipBeforeNanos = Long.MIN_VALUE;
    }

    /** Returns whether there is a frame, at which it then stands. */
    boolean ready(long nowNano) {
        boolean ready = find();
        if (ready) {
            silent = false;
        } else if (!silent) {
            silent = true;
            silentSinceNano = nowNano;
        }
        return ready;
    }

    private boolean find() {
        while (true) {
            while (offset < limit) {
                if (nanos() >= skipBeforeNanos) {
                    skipBeforeNanos = Long.MIN_VALUE;
                    return true;
                }
                next();
            }
            FlightChunk following = chunk.next();
            limit = chunk.publishedBytes();
            if (offset == limit) {
                if (following == null) {
                    return false;
                }
                ring.advance(this, following);
            }
        }
    }

    /** Returns for how long it has been without a frame; 0 while there is one. */
    long silentFor(long nowNano) {
        return silent ? nowNano - silentSinceNano : 0;
    }

    /** Returns whether no frame comes any more. */
    boolean isOver(long nowNano) {
        boolean ended = ring.ended();
        return ended && !ready(nowNano);
    }

    /** The time of the frame. */
    long nanos() {
        return PcapngFormat.nanosAt(chunk.bytes, offset);
    }

    /** Bytes of the frame's record. */
    int bytes() {
        return PcapngFormat.bytesAt(chunk.bytes, offset);
    }

    /** Puts the frame's record where the target is, and goes on to the next. */
    void take(ByteBuffer target) {
        int bytes = bytes();
        target.put(target.position(), chunk.bytes, offset, bytes).position(target.position() + bytes);
        offset += bytes;
    }

    /** The same with a comment. */
    void take(ByteBuffer target, String comment) {
        PcapngFormat.putCommented(chunk.bytes, offset, comment, target);
        next();
    }

    /** Leaves the frame out. */
    void next() {
        offset += bytes();
    }

    /** Frames that the ring could not keep since this began. */
    long missed() {
        return ring.missed() - missedBefore;
    }

    /** Lets the ring have its memory. */
    void close() {
        ring.close(this);
    }
}
