package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
import java.util.concurrent.locks.LockSupport;

/**
 * A replay's frames in memory, in chunks that are numbered over all loops: all of the file where it fits, which is then read
 * only once; else what comes next, which a thread of its own, {@code replay-STREAM}, reads again and again.
 *
 * <p>The chunks are asked for and released by one thread; {@link #failure} is for any.
 */
final class ReadAhead implements AutoCloseable {
    /** 32 MiB: a quarter of a second at a gigabit a second, for a disk that pauses. */
    static final int CHUNKS = 32;

    private static final int COUNT_BITS = 40;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final int MOST_BEGINNINGS = 1 << 24;
    private static final long CLOSE_MILLIS = 2_000;

    private final ReplayFacts facts;
    private final ReplayChunk[] chunks;
    private final Thread thread; // null: not needed

    /** How many chunks the whole file takes; 0 if it does not fit. Set before the first is asked for. */
    private final int wholeChunks;

    /** How often it was begun anew, and how many chunks have been filled since, in one. */
    private volatile long filled;

    private volatile int beginning;
    private volatile long released;
    private volatile boolean closed;
    private volatile String failure = "";

    /** The reading thread's. */
    private RecordReader reader;

    private boolean pending;
    private long framesOfLoop;
    private long loop;

    private ReadAhead(ReplayFacts facts, String stream, int mostChunks) throws OpenException {
        this.facts = facts;
        chunks = new ReplayChunk[mostChunks];
        reader = RecordReader.open(facts.replay());
        int count = 0;
        try {
            while (count < mostChunks && loop == 0 && fill(count)) {
                count++;
            }
        } catch (OpenException | RuntimeException | Error e) {
            closeReader();
            throw e;
        }
        boolean whole = loop > 0;
        wholeChunks = whole ? count : 0;
        filled = count;
        if (whole) {
            closeReader();
            thread = null;
        } else {
            thread = Thread.ofPlatform().daemon().name("replay-" + stream).unstarted(this::run);
            thread.start();
        }
    }

    /** Reads as much of a file as fits. */
    static ReadAhead open(ReplayFacts facts, String stream, int mostChunks) throws OpenException {
        return new ReadAhead(facts, stream, mostChunks);
    }

    /** A chunk of the present beginning; null if it is not read yet. */
    ReplayChunk chunk(long number) {
        if (wholeChunks > 0) {
            return chunks[(int) (number % wholeChunks)];
        }
        long now = filled;
        boolean there = now >>> COUNT_BITS == beginning && number < (now & COUNT_MASK);
        return there ? chunks[(int) (number % chunks.length)] : null;
    }

    /** Returns which loop a chunk is of, from 0. */
    long loop(long number, ReplayChunk chunk) {
        return wholeChunks > 0 ? number / wholeChunks : chunk.loop;
    }

    /** Gives back all chunks before one. */
    void release(long number) {
        released = number;
        LockSupport.unpark(thread);
    }

    /** Begins anew with the first frame; chunks are numbered from 0 again. */
    void restart() {
        released = 0;
        beginning = (beginning + 1) % MOST_BEGINNINGS; // only this thread writes it
        LockSupport.unpark(thread);
    }

    /** Returns why no more chunks come; empty while there is nothing wrong. */
    String failure() {
        return failure;
    }

    private void run() {
        try {
            int begun = 0;
            long count = filled;
            while (!closed) {
                if (begun != beginning) {
                    begun = beginning;
                    count = 0;
                    rewind(0);
                    filled = (long) begun << COUNT_BITS;
                }
                if (ended() || count - released >= chunks.length) {
                    LockSupport.park(this);
                } else if (fill(count)) {
                    count++;
                    filled = ((long) begun << COUNT_BITS) | count;
                }
            }
        } catch (OpenException e) {
            failure = e.getMessage();
        } catch (RuntimeException | Error e) {
            failure = "cannot replay " + facts.replay().file() + ": " + e;
        } finally {
            closeReader();
        }
    }

    private boolean ended() {
        return facts.replay().loops() != 0 && loop >= facts.replay().loops();
    }

    /** Fills a chunk up to its end or that of a loop; false if the loop had no frame left. */
    private boolean fill(long number) throws OpenException {
        int slot = (int) (number % chunks.length);
        if (chunks[slot] == null) {
            chunks[slot] = new ReplayChunk();
        }
        ReplayChunk chunk = chunks[slot];
        chunk.end = 0;
        chunk.loop = loop;
        while (pending || reader.next()) {
            pending = true;
            int bytes = reader.recordBytes();
            if (chunk.end + bytes > ReplayChunk.BYTES) {
                return true;
            }
            reader.write(chunk.memory, chunk.end);
            chunk.end += bytes;
            pending = false;
            framesOfLoop++;
        }
        endLoop();
        return chunk.end > 0;
    }

    private void endLoop() throws OpenException {
        if (framesOfLoop != facts.frames()) {
            throw new OpenException(
                    OpenException.Reason.BAD_FILE,
                    "cannot replay " + facts.replay().file() + ": it held " + facts.frames() + " frames and now holds "
                            + framesOfLoop + ": it must not change while it is replayed");
        }
        loop++;
        if (!ended()) {
            rewind(loop);
        }
    }

    private void rewind(long toLoop) throws OpenException {
        closeReader();
        reader = RecordReader.open(facts.replay());
        loop = toLoop;
        framesOfLoop = 0;
        pending = false;
    }

    private void closeReader() {
        reader.close();
    }

    /** Ends the thread, within two seconds; idempotent. */
    @Override
    public void close() {
        closed = true;
        if (thread == null) {
            return;
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
