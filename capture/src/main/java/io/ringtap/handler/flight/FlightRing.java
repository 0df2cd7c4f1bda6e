package io.ringtap.handler.flight;

import io.ringtap.handler.record.PcapngFormat;
import io.ringtap.ledger.Counter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last frames of one handler thread: a chain of chunks, the oldest of which goes when it is too old, or when its memory is
 * needed. What a dump has still to write stays: while that is all there is, new frames are not kept. A part of the memory is
 * free until a dump needs it, so that its frames find room while it begins. The lock is taken once a chunk.
 */
final class FlightRing {
    /** One that is filled, one before it, one that a dump has still to write, one free. */
    private static final int LEAST_CHUNKS = 4;

    static final long LEAST_BYTES = (long) LEAST_CHUNKS * FlightChunk.BYTES;

    /** One chunk in so many is for what comes while dumps are written. */
    private static final int RESERVE = 4;

    private final Arena arena = Arena.ofShared();
    private final Deque<FlightChunk> chain = new ArrayDeque<>();
    private final Deque<FlightChunk> free = new ArrayDeque<>();
    private final List<RingCursor> cursors = new ArrayList<>();
    private final int mostHeld;
    private final long beforeNanos;
    private final Counter missed;
    private FlightChunk current;
    private long numbers;
    private volatile boolean full;
    private volatile boolean ended;

    /** The time of the last frame that was published; 0 before the first. */
    private volatile long newestNanos;

    /**
     * What it holds.
     *
     * @param bytes of frames, with what their records take
     * @param nanos from the first to the last
     */
    record Held(long frames, long bytes, long nanos) {}

    /** An empty one, whose memory is taken. {@code missed} counts frames that were not kept. */
    FlightRing(long bytes, long beforeNanos, Counter missed) {
        this.beforeNanos = beforeNanos;
        this.missed = missed;
        int chunks = (int) (bytes / FlightChunk.BYTES);
        mostHeld = chunks - Math.max(1, chunks / RESERVE);
        MemorySegment memory = arena.allocate((long) chunks * FlightChunk.BYTES, Long.BYTES);
        for (int i = 0; i < chunks; i++) {
            free.push(new FlightChunk(memory.asSlice((long) i * FlightChunk.BYTES, FlightChunk.BYTES)));
        }
        current = free.pop();
        current.begin(numbers++);
        chain.add(current);
    }

    /** The chunk to fill; for the handler's thread. */
    synchronized FlightChunk current() {
        return current;
    }

    /** Shows others what is filled; for the handler's thread. */
    void publish(FlightChunk filling) {
        filling.publish();
        newestNanos = filling.lastNanos;
    }

    /**
     * Ends the chunk that is filled, and gives the next; the same one if there is none, as all hold what dumps have still to
     * write. For the handler's thread.
     */
    FlightChunk next(FlightChunk filling) {
        return full ? filling : exchange(filling);
    }

    private synchronized FlightChunk exchange(FlightChunk filling) {
        publish(filling);
        evict(mostHeld - 1, filling.lastNanos - beforeNanos);
        FlightChunk next = free.poll();
        full = next == null;
        if (next == null) {
            return filling;
        }
        next.begin(numbers++);
        filling.end(next);
        chain.add(next);
        current = next;
        return next;
    }

    /** Frames found no room. */
    void miss() {
        missed.add(1);
    }

    long missed() {
        return missed.value();
    }

    private void evict(int most, long keepFromNanos) {
        long firstKept = Long.MAX_VALUE;
        for (int i = 0; i < cursors.size(); i++) { // without an iterator, which would be garbage of each chunk
            firstKept = Math.min(firstKept, cursors.get(i).number());
        }
        for (FlightChunk oldest = chain.element();
                oldest != current
                        && oldest.number < firstKept
                        && (chain.size() > most || oldest.lastNanos < keepFromNanos);
                oldest = chain.element()) {
            free.push(chain.remove());
        }
    }

    /** Lets go of what is too old, on a link that may be silent; for the handler's thread. */
    synchronized void expire(long nowNanos) {
        evict(mostHeld, nowNanos - beforeNanos);
        boolean old = current.frames > 0 && current.lastNanos < nowNanos - beforeNanos;
        if (old && chain.size() == 1 && cursors.isEmpty()) {
            current.begin(current.number);
        }
    }

    /** Returns what it holds; for the handler's thread. */
    synchronized Held held() {
        long frames = 0;
        long bytes = 0;
        for (FlightChunk chunk : chain) {
            frames += chunk.frames;
            bytes += chunk.filled;
        }
        FlightChunk oldest = chain.element();
        long last = current.frames > 0 ? current.lastNanos : newestNanos;
        return new Held(
                frames, bytes, oldest.frames > 0 ? Math.max(0, last - PcapngFormat.nanosAt(oldest.bytes, 0)) : 0);
    }

    /** The time of the last frame that was published; 0 before the first. Any thread. */
    long newestNanos() {
        return newestNanos;
    }

    /** Begins a dump's way, at the first chunk that has frames from a time on; they are kept until it has gone past. Any thread. */
    synchronized RingCursor open(long fromNanos) {
        FlightChunk first = chain.stream()
                .filter(chunk -> chunk == current || chunk.lastNanos >= fromNanos)
                .findFirst()
                .orElseThrow();
        RingCursor cursor = new RingCursor(this, first, fromNanos);
        cursors.add(cursor);
        return cursor;
    }

    /** A dump goes on to another chunk. */
    synchronized void advance(RingCursor cursor, FlightChunk next) {
        cursor.enter(next);
        full = false;
    }

    /** A dump needs nothing any more. */
    synchronized void close(RingCursor cursor) {
        cursors.remove(cursor);
        full = false;
    }

    /** No frame comes any more; for the handler's thread. */
    void end() {
        publish(current());
        ended = true;
    }

    /** To be looked at before a cursor is. */
    boolean ended() {
        return ended;
    }

    /** Gives the memory back; nobody may use it any more. */
    void release() {
        arena.close();
    }
}
