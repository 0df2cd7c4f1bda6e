package io.ringtap.capture.ring.spill;

import io.ringtap.capture.DiskFault;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.SpillConfig;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.SpillCounts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What does not fit into a detached worker's queue, in order, on a disk. Once a frame was spilled, all behind it are, until the
 * last of them is back in the queue: meanwhile the queue is the reader's, else the feed's. The feed never waits: what disk and
 * memory do not take is shed, and counted by its cause.
 *
 * <p>{@link #append}, {@link #isEmpty}, {@link #endBatch} and {@link #end} are the feed's, {@link #open}, {@link #start},
 * {@link #keep} and {@link #close} for the thread that owns the capture; the rest is for any.
 */
public final class Spill {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.spill");

    /** The limit is given back a segment at a time, and each is an open file. */
    private static final int SEGMENTS = 64;

    private static final long LEAST_SEGMENT_BYTES = 1L << 20;
    private static final int LEAST_CHUNK_BYTES = 288 << 10; // room for the largest frame
    private static final int MOST_CHUNK_BYTES = 1 << 20;

    /** Folders of which what was left is for a worker of this process that takes the place of another. */
    private static final Set<Path> HANDED_ON = ConcurrentHashMap.newKeySet();

    private final String what;
    private final SpillConfig config;
    private final SpillFolder folder;
    private final Arena arena = Arena.ofShared();
    private final SpillChunk readChunk;
    private final SpillLog log;
    private final SpillReader reader;
    private final SpillWriter writer;
    private final Thread readThread;
    private final Thread writeThread;
    private final SpillRates in;
    private final SpillRates out;

    private @Nullable SpillChunk filling;
    private final Counter frames = new Counter();
    private final Counter bytes = new Counter();
    private final Counter shedFull = new Counter();
    private final Counter shedFailed = new Counter();
    private final Counter shedSlow = new Counter();

    private long resumed; // both set before the threads start
    private long resumedBytes;
    private volatile long kept;
    private boolean handOn;

    /**
     * One that has neither folder nor threads yet.
     *
     * @param worker the worker's name
     * @param capture the capture's
     * @param ring which of the capture's rings
     * @param memoryBytes memory for what is on its way to the disk, and back
     * @param onEnd called when the queue will get no more
     */
    public Spill(
            SpillConfig config,
            String worker,
            String capture,
            int ring,
            long memoryBytes,
            SpillTarget target,
            Runnable onEnd) {
        this.config = config;
        what = "spill of worker " + worker + " on " + capture;
        String name = (worker + "-" + capture + "-" + ring).replaceAll("[^A-Za-z0-9._-]", "_");
        folder = new SpillFolder(config.folder().toAbsolutePath().resolve("spill-" + name));
        int chunkBytes = Math.clamp(memoryBytes / 8, LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES);
        readChunk = new SpillChunk(chunkBytes, arena);
        List<SpillChunk> chunks = new ArrayList<>();
        for (long used = 2L * chunkBytes; used <= memoryBytes; used += chunkBytes) {
            chunks.add(new SpillChunk(chunkBytes, arena));
        }
        log = new SpillLog(chunks);
        long now = System.nanoTime();
        in = new SpillRates(now);
        out = new SpillRates(now);
        reader = new SpillReader(what, log, target, readChunk, config.resume(), this::look, onEnd);
        writer = new SpillWriter(what, log, folder, Math.max(LEAST_SEGMENT_BYTES, config.limitBytes() / SEGMENTS));
        String threads = "spill-" + worker + "-" + ring;
        readThread = Thread.ofPlatform().name(threads + "-read").daemon().unstarted(reader);
        writeThread = Thread.ofPlatform().name(threads).daemon().unstarted(writer);
    }

    private void look() {
        long now = System.nanoTime();
        in.look(now, frames.value(), bytes.value());
        out.look(now, reader.returnedFrames(), reader.returnedBytes());
    }

    /** Takes its folder, and what an earlier run has left there. @throws IOException that says what is wrong with which folder */
    public void open() throws IOException {
        folder.take();
        try {
            boolean takeOver = HANDED_ON.remove(folder.path()) || config.resume();
            long left = 0;
            for (Path path : folder.segments()) {
                left += Files.size(path);
                if (takeOver) {
                    resume(SpillSegment.open(path, readChunk));
                } else {
                    Files.delete(path);
                }
            }
            tellLeft(left, takeOver);
        } catch (IOException e) {
            throw new IOException("cannot spill to " + folder.path() + ": " + DiskFault.reason(e), e);
        }
    }

    private void resume(SpillSegment segment) throws IOException {
        long left = segment.records() - segment.recordsBeforeStart();
        if (left <= 0) {
            segment.remove();
            return;
        }
        log.add(segment, segment.end() - segment.start(), left);
        resumed += left;
        resumedBytes += segment.end() - SpillSegment.HEADER_BYTES;
    }

    private void tellLeft(long left, boolean takeOver) {
        if (takeOver && resumed > 0) {
            LOG.info("{}: goes on with {} frames that an earlier run has left in {}", what, resumed, folder.path());
        } else if (left > 0 && !takeOver) {
            LOG.warn(
                    "{}: {} bytes that an earlier run has left in {} are removed: spill-resume = true keeps them",
                    what,
                    left,
                    folder.path());
        }
    }

    /** Starts its threads. */
    public void start() {
        readThread.start();
        writeThread.start();
    }

    /** Returns whether all that was spilled is back in the queue, which is the feed's then. */
    public boolean isEmpty() {
        return resumed + frames.value() == reader.returnedFrames();
    }

    /** Takes a copy of a frame if limit, memory and disk allow; what it refuses it has counted. */
    public boolean append(long address, int captured, int original, long timestampNanos) {
        int record = SpillChunk.recordBytes(captured);
        if (resumedBytes + bytes.value() + record - reader.freedBytes() > config.limitBytes()) {
            shedFull.add(1);
            return false;
        }
        if (filling != null && !filling.hasRoomFor(record)) {
            log.handOver(filling);
            filling = null;
        }
        if (filling == null) {
            filling = log.takeFree();
        }
        if (filling == null) {
            (log.fault().isEmpty() ? shedSlow : shedFailed).add(1);
            return false;
        }
        filling.put(address, captured, original, timestampNanos);
        bytes.add(record);
        frames.add(1);
        return true;
    }

    /** No more comes for now: hands on what is there, if nothing else waits for the disk. */
    public void endBatch() {
        if (filling != null && log.isIdle()) {
            log.handOver(filling);
            filling = null;
        }
    }

    /** Nothing more comes. */
    public void end() {
        if (filling != null) {
            log.handOver(filling);
            filling = null;
        }
        log.close();
    }

    /** Has its threads end, whatever is left. */
    public void abandon() {
        log.abandon();
    }

    /** Returns whether a thread of its own runs. */
    public boolean isAlive() {
        return readThread.isAlive() || writeThread.isAlive();
    }

    /** Waits for its threads to end, until a deadline of {@link System#nanoTime}; whether they have. */
    public boolean join(long deadline) throws InterruptedException {
        for (Thread thread : List.of(writeThread, readThread)) {
            if (thread.getState() != Thread.State.NEW) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        }
        return !isAlive();
    }

    /** Frames of an earlier run that this one has taken over. */
    public long resumed() {
        return resumed;
    }

    /** Frames left for the next start. */
    public long kept() {
        return kept;
    }

    /** Spilled, and not yet back in the queue. */
    public long waiting() {
        long returned = reader.returnedFrames(); // first: never more than there were
        return resumed + frames.value() - returned;
    }

    /** Frames that it was to take, or to give back, and could not. */
    public long shed() {
        return shedFull.value() + shedFailed.value() + shedSlow.value() + reader.unreadable();
    }

    /** The time stamp of the frame that came back last; {@link Long#MAX_VALUE} if nothing waits. */
    public long oldestTimestampNanos() {
        return waiting() == 0 ? Long.MAX_VALUE : reader.lastTimestampNanos();
    }

    /** Returns what it has counted. */
    public SpillCounts counts() {
        long freed = reader.freedBytes();
        return new SpillCounts(
                waiting(),
                resumedBytes + bytes.value() - freed,
                config.limitBytes(),
                frames.value(),
                resumed,
                kept,
                shedFull.value(),
                shedFailed.value(),
                shedSlow.value(),
                reader.unreadable(),
                in.rate(),
                out.rate(),
                log.fault());
    }

    /** Has what is left at a stop kept for a worker of this process that takes the place of this one. */
    public void handOn() {
        handOn = true;
    }

    /** Returns whether what is left at a stop is to be kept. */
    public boolean keeps() {
        return handOn || config.resume();
    }

    /**
     * Keeps what was not handled for the next start, when feed, reader and writer have ended: what is in the queue goes before
     * what is in the segments, what was on its way to them behind.
     *
     * @param queued puts the frames of the queue that were not handled into a sink, oldest first
     * @param unhandled frames that were not handled, of all that this worker was given
     */
    public void keep(Consumer<FrameSink> queued, long unhandled) {
        if (isAlive()) {
            LOG.error("{}: nothing is kept: the disk does not return", what);
            return;
        }
        try {
            long there = new SpillKeep(folder, log, reader, readChunk).keep(queued);
            kept = Math.clamp(there, 0, Math.max(0, unhandled));
            if (handOn) {
                HANDED_ON.add(folder.path());
            }
            LOG.info("{}: {} frames are kept in {} for the next start", what, kept, folder.path());
        } catch (IOException e) {
            LOG.error("{}: nothing is kept: cannot write to {}: {}", what, folder.path(), DiskFault.reason(e));
        }
    }

    /**
     * Gives up its folder, with what is not to be kept. When its threads have ended; idempotent.
     *
     * @param handled whether there is nothing in it that was not handled
     */
    public void leave(boolean handled) {
        if (isAlive()) {
            return;
        }
        boolean untouched = readThread.getState() == Thread.State.NEW && resumed > 0;
        if (untouched) {
            HANDED_ON.add(folder.path()); // to whoever is started in place of this one
        }
        for (SpillSegment segment : log.segments()) {
            try {
                if (untouched || (keeps() && !handled)) {
                    segment.close();
                } else {
                    segment.remove();
                }
            } catch (IOException e) {
                LOG.warn("{}: {} stays: {}", what, segment.path(), DiskFault.reason(e));
            }
        }
        log.segments().clear();
        try {
            folder.leave();
        } catch (IOException e) {
            LOG.warn("{}: {} stays: {}", what, folder.path(), DiskFault.reason(e));
        }
    }

    /** Releases its memory; when no thread uses it any more. */
    public void close() {
        arena.close();
    }
}
