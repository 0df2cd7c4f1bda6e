package io.ringtap.handler.record;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The chunks of one handler on their way to its writer and back. The one emptied last is filled next: while the writer keeps
 * up, few are in use, and stay in the processor's cache. The lock is taken once a chunk.
 */
final class ChunkQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Condition handedOver = lock.newCondition();
    private final Deque<Chunk> free = new ArrayDeque<>();
    private final Deque<Chunk> full = new ArrayDeque<>();
    private Chunk filling;
    private volatile boolean paused;
    private boolean closed;

    ChunkQueue(int chunks) {
        for (int i = 0; i < chunks; i++) {
            free.push(new Chunk());
        }
    }

    /**
     * Hands over a chunk, null for none, and gives an empty one to fill, once there is one. While the disk takes nothing, gives
     * null, and has not handed anything over.
     */
    Chunk exchange(Chunk chunk) throws InterruptedException {
        if (chunk != null) {
            chunk.publish();
        }
        lock.lockInterruptibly();
        try {
            while (free.isEmpty() && !paused) {
                freed.await();
            }
            if (paused) {
                return null;
            }
            if (chunk != null) {
                add(chunk);
            }
            filling = free.pop();
            return filling;
        } finally {
            lock.unlock();
        }
    }

    /** Hands over a chunk, and takes none. */
    void handOver(Chunk chunk) {
        chunk.publish();
        lock.lock();
        try {
            add(chunk);
        } finally {
            lock.unlock();
        }
    }

    private void add(Chunk chunk) {
        chunk.handedOver = true;
        full.add(chunk);
        filling = null;
        handedOver.signal();
    }

    /** No more will be handed over. */
    void close() {
        lock.lock();
        try {
            closed = true;
            handedOver.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a chunk that was handed over, and gives the oldest. If none is in time, the one that is being filled; null
     * if none is that either.
     */
    Chunk awaitNext(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (full.isEmpty() && !closed && left > 0) {
                left = handedOver.awaitNanos(left);
            }
            return full.isEmpty() ? filling : full.peek();
        } finally {
            lock.unlock();
        }
    }

    /** The chunks behind the oldest that was handed over, at most so many. */
    List<Chunk> behind(int most) {
        if (most == 0) {
            return List.of();
        }
        lock.lock();
        try {
            return full.stream().skip(1).limit(most).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back the oldest chunk that was handed over, to be filled anew. */
    void release() {
        lock.lock();
        try {
            Chunk chunk = full.remove();
            chunk.clear();
            free.push(chunk);
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nothing more will be handed over. */
    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is closed, at most so long. */
    void awaitClose(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!closed && left > 0) {
                left = handedOver.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** While it is paused, nobody gets a chunk to fill. */
    void pause(boolean on) {
        lock.lock();
        try {
            paused = on;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean paused() {
        return paused;
    }
}
