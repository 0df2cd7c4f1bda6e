package io.ringtap.capture.ring.spill;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a spill in their order: first those in segments, then those in chunks that are yet to be written. The feed hands
 * over full chunks, the writer moves them to the newest segment, the reader takes what is oldest: from the segments, or, where
 * nothing is left there, the oldest chunk itself, so that what is behind for a moment never sees the disk. The lock is taken
 * once a chunk, and never held while a disk is waited for. Any thread.
 */
final class SpillLog {
    /** A disk that has refused is tried again after so long. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** What the reader finds. */
    enum Next {
        /** Records in segments, {@link #nextSegment} and {@link #extentOf}. */
        DISK,
        /** A chunk, {@link #stolen}. */
        CHUNK,
        /** Nothing yet. */
        NOTHING,
        /** Nothing, and nothing more comes. */
        END
    }

    /** A segment's place behind its last whole record, and how many there are. */
    record Extent(long end, long records) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<SpillChunk> free = new ArrayDeque<>();
    private final Deque<SpillChunk> full = new ArrayDeque<>();
    private final List<SpillSegment> segments = new ArrayList<>();

    /** The segment that is being appended to; null if the next chunk begins one. */
    private @Nullable SpillSegment tail;

    private @Nullable SpillChunk stolen;

    /** The oldest chunk is on its way to the disk. */
    private boolean writing;

    /** The reader waits, with nothing left in the segments. */
    private boolean hungry;

    private boolean closed;
    private long unreadBytes;
    private long unreadFrames;
    private long retryAt = System.nanoTime();
    private volatile String fault = "";
    private volatile boolean idle = true;
    private volatile boolean abandoned;

    SpillLog(List<SpillChunk> chunks) {
        free.addAll(chunks);
    }

    /** The feed: returns whether nothing waits to be written. */
    boolean isIdle() {
        return idle;
    }

    /** The feed: an empty chunk; null if the disk has not taken what is in them. */
    @Nullable
    SpillChunk takeFree() {
        lock.lock();
        try {
            return free.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The feed: hands over a chunk that holds a frame. */
    void handOver(SpillChunk chunk) {
        lock.lock();
        try {
            full.add(chunk);
            idle = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The feed: hands over nothing more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has writer and reader end as soon as they can. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean abandoned() {
        return abandoned;
    }

    /** The writer: the oldest chunk, once it is there and the reader does not want it; null if none will be. */
    @Nullable
    SpillChunk awaitChunk() {
        lock.lock();
        try {
            while (!abandoned && !(closed && full.isEmpty())) {
                long pause = retryAt - System.nanoTime();
                boolean left = hungry ? full.size() > 1 : !full.isEmpty(); // a reader that is slow to wake holds up one
                if (left && pause <= 0) {
                    writing = true;
                    return full.peek();
                }
                await(pause > 0 ? pause : Long.MAX_VALUE);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // who calls it looks again, and again
    private void await(long nanos) {
        try {
            long _ = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // nobody interrupts these threads: look again
        }
    }

    /** The writer: the segment to append to; null if it is to begin one. */
    @Nullable
    SpillSegment tail() {
        lock.lock();
        try {
            return tail;
        } finally {
            lock.unlock();
        }
    }

    /** The writer: appends to a new segment from now on. */
    void begin(SpillSegment segment) {
        lock.lock();
        try {
            segments.add(segment);
            tail = segment;
        } finally {
            lock.unlock();
        }
    }

    /** The writer: so much of the oldest chunk is at the end of the newest segment; all of it if there is no reason. */
    void written(SpillSegment segment, int bytes, int frames, @Nullable String refusal) {
        lock.lock();
        try {
            segment.grow(bytes, frames);
            unreadBytes += bytes;
            unreadFrames += frames;
            if (refusal == null) {
                release(full.remove());
                fault = "";
            } else {
                full.element().leave(full.element().from() + bytes, frames);
            }
        } finally {
            lock.unlock();
        }
        if (refusal == null) {
            ended();
        } else {
            refused(refusal);
        }
    }

    private void ended() {
        lock.lock();
        try {
            writing = false;
            idle = full.isEmpty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The writer: the disk takes nothing. */
    void refused(String reason) {
        lock.lock();
        try {
            fault = reason;
            retryAt = System.nanoTime() + RETRY_NANOS;
            ended();
        } finally {
            lock.unlock();
        }
    }

    /** Why the disk refuses now; empty if it does not. */
    String fault() {
        return fault;
    }

    private void release(SpillChunk chunk) {
        chunk.clear();
        free.push(chunk);
    }

    /** The reader: waits at most so long for what is oldest. */
    Next awaitNext(long nanos) {
        lock.lock();
        try {
            Next next = next();
            if (next == Next.NOTHING && !abandoned) {
                hungry = true;
                await(nanos);
                hungry = false;
                changed.signalAll(); // the writer may have what the reader did not take
                next = next();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private Next next() {
        if (unreadBytes > 0) {
            return Next.DISK;
        }
        if (!full.isEmpty() && !writing) {
            stolen = full.remove();
            idle = full.isEmpty();
            return Next.CHUNK;
        }
        return closed && full.isEmpty() ? Next.END : Next.NOTHING;
    }

    /** The reader: the chunk that it took; what is left of it is here when it has ended early. */
    SpillChunk stolen() {
        lock.lock();
        try {
            return Objects.requireNonNull(stolen);
        } finally {
            lock.unlock();
        }
    }

    /** The reader: its chunk is empty. */
    void giveBack() {
        lock.lock();
        try {
            release(Objects.requireNonNull(stolen));
            stolen = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The reader: the segment behind one, or the first; null if there is none. */
    @Nullable
    SpillSegment nextSegment(@Nullable SpillSegment segment) {
        lock.lock();
        try {
            int next = segments.indexOf(segment) + 1;
            return next < segments.size() ? segments.get(next) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The reader: what whole records a segment has now. */
    Extent extentOf(SpillSegment segment) {
        lock.lock();
        try {
            return new Extent(segment.end(), segment.records());
        } finally {
            lock.unlock();
        }
    }

    /** The reader: so much of the segments has come back. */
    void read(long bytes, long frames) {
        lock.lock();
        try {
            unreadBytes -= bytes;
            unreadFrames -= frames;
        } finally {
            lock.unlock();
        }
    }

    /** A segment of an earlier run, of which so much is to be read; before the threads start. */
    void add(SpillSegment segment, long bytes, long frames) {
        segments.add(segment);
        unreadBytes += bytes;
        unreadFrames += frames;
    }

    /** Frames in segments that have not come back. */
    long unreadFrames() {
        return unreadFrames;
    }

    /**
     * The reader: takes out the segments before one, and that one too if it is handled up to a place that is its end and nothing
     * is being appended to it. They are the caller's to remove.
     */
    List<SpillSegment> takeHandled(SpillSegment segment, long place) {
        lock.lock();
        try {
            boolean whole = segment.end() == place && (segment != tail || !writing);
            List<SpillSegment> handled = segments.subList(0, segments.indexOf(segment) + (whole ? 1 : 0));
            List<SpillSegment> taken = List.copyOf(handled);
            handled.clear();
            if (whole && segment == tail) {
                tail = null;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** All segments; when the threads have ended. */
    List<SpillSegment> segments() {
        return segments;
    }

    /** What was not written, oldest first; when the threads have ended. */
    Deque<SpillChunk> unwritten() {
        return full;
    }

    /** What the reader has left of a chunk; null if nothing. When the threads have ended. */
    @Nullable
    SpillChunk leftOfStolen() {
        return stolen;
    }
}
