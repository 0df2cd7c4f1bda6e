package io.ringtap.capture.ring.spill;

import io.ringtap.capture.DiskFault;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that puts spilled frames back into the queue, oldest first, as there is room, and removes the segments of which all
 * has been handled. Counts are for any thread.
 */
final class SpillReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.spill");

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A queue holds many times what a worker handles in so long. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int COMMIT_FRAMES = 1_024;

    /** So many at most are handled again where a process was killed, besides those that a thread had not given back. */
    private static final int CHECKPOINT_FRAMES = 16;

    /** When the queue has handled up to {@code position}, the segments were, up to a place, before which so many records are. */
    private record Checkpoint(long position, SpillSegment segment, long place, long records) {}

    private final String what;
    private final SpillLog log;
    private final SpillTarget target;
    private final SpillChunk chunk;
    private final boolean marks;
    private final Runnable onTick;
    private final Runnable onEnd;

    private @Nullable SpillSegment segment;
    private long place;
    private long records;

    /** Put into the queue, and not yet handed on. */
    private int frames;

    /** The queue's last position before them. */
    private long publishedBefore;

    private long bytes;
    private long timestampNanos;

    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
    private long tickAt = System.nanoTime();

    private final Counter returnedFrames = new Counter();
    private final Counter returnedBytes = new Counter();
    private final Counter freedBytes = new Counter();
    private final Counter unreadable = new Counter();
    private final Gauge lastTimestampNanos = new Gauge();

    /**
     * A reader that is not running yet.
     *
     * @param chunk memory to read with
     * @param marks whether it is to be found in the segments what of them was handled
     * @param onTick called several times a second
     * @param onEnd called when nothing more will go into the queue
     */
    SpillReader(
            String what,
            SpillLog log,
            SpillTarget target,
            SpillChunk chunk,
            boolean marks,
            Runnable onTick,
            Runnable onEnd) {
        this.what = what;
        this.log = log;
        this.target = target;
        this.chunk = chunk;
        this.marks = marks;
        this.onTick = onTick;
        this.onEnd = onEnd;
    }

    @Override
    public void run() {
        try {
            boolean more = true;
            while (more && !log.abandoned()) {
                more = step();
                tick();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{}: its reader ended: this is a defect of ringtap: please report it", what, e);
        } finally {
            onEnd.run();
        }
    }

    private boolean step() {
        switch (log.awaitNext(TICK_NANOS)) {
            case DISK -> fromDisk();
            case CHUNK -> fromMemory(log.stolen());
            case END -> {
                return false;
            }
            case NOTHING -> {}
        }
        return true;
    }

    private void fromMemory(SpillChunk full) {
        int done = 0;
        int at = full.from();
        while (at < full.filled() && put(full, at, false)) {
            at += full.lengthAt(at);
            done++;
        }
        commit(false);
        full.leave(at, done);
        if (full.frames() == 0) {
            log.giveBack();
        }
    }

    private void fromDisk() {
        if (segment == null || place == log.extentOf(segment).end()) {
            segment = Objects.requireNonNull(log.nextSegment(segment));
            place = segment.start();
            records = segment.recordsBeforeStart();
            return; // a segment may be there with nothing in it yet
        }
        try {
            segment.read(chunk, place, log.extentOf(segment).end());
        } catch (IOException e) {
            leaveUnread(segment, DiskFault.reason(e));
            return;
        }
        int at = 0;
        while (chunk.isWholeAt(at) && put(chunk, at, true)) {
            at += chunk.lengthAt(at);
        }
        commit(true);
        if (at == 0 && !log.abandoned()) { // the chunk has room for the largest record, so one was there
            leaveUnread(segment, "what is there at byte " + place + " is not what was written");
        }
    }

    private void leaveUnread(SpillSegment broken, String reason) {
        SpillLog.Extent all = log.extentOf(broken);
        long lost = all.records() - records;
        LOG.error("{}: {} cannot be read on: {}: {} frames of it are lost", what, broken.path(), reason, lost);
        unreadable.add(lost);
        log.read(all.end() - place, lost);
        place = all.end();
        records = all.records();
        checkpoints.add(new Checkpoint(target.published(), broken, place, records));
        returnedFrames.add(lost);
    }

    /** Puts the frame of a record into the queue, once there is room; false if it was told to end before. */
    private boolean put(SpillChunk from, int at, boolean disk) {
        if (frames == 0) {
            publishedBefore = target.published();
        }
        while (!target.offer(from.frameAt(at), from.capturedAt(at), from.originalAt(at), from.timestampNanosAt(at))) {
            commit(disk);
            if (log.abandoned()) {
                return false;
            }
            tick();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        timestampNanos = from.timestampNanosAt(at);
        frames++;
        bytes += from.lengthAt(at);
        if (disk) {
            place += from.lengthAt(at);
            records++;
            if (frames % CHECKPOINT_FRAMES == 0) {
                checkpoint();
            }
        }
        if (frames == COMMIT_FRAMES) {
            commit(disk);
        }
        return true;
    }

    /** Hands on what was put into the queue. With the last of all, the queue is the feed's again. */
    private void commit(boolean disk) {
        if (frames == 0) {
            return;
        }
        target.flush();
        if (disk) {
            checkpoint();
            log.read(bytes, frames);
        } else {
            freedBytes.add(bytes);
        }
        lastTimestampNanos.set(timestampNanos);
        returnedBytes.add(bytes);
        long done = frames;
        publishedBefore = target.published();
        frames = 0;
        bytes = 0;
        returnedFrames.add(done);
    }

    private void checkpoint() {
        checkpoints.add(new Checkpoint(publishedBefore + frames, Objects.requireNonNull(segment), place, records));
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - tickAt >= 0) {
            tickAt = now + TICK_NANOS;
            removeHandled();
            onTick.run();
        }
    }

    private void removeHandled() {
        long handled = target.handled();
        Checkpoint last = null;
        while (!checkpoints.isEmpty() && checkpoints.element().position <= handled) {
            last = checkpoints.remove();
        }
        if (last == null) {
            return;
        }
        List<SpillSegment> done = log.takeHandled(last.segment, last.place);
        try {
            for (SpillSegment each : done) {
                freedBytes.add(each.end() - SpillSegment.HEADER_BYTES);
                each.remove();
            }
            if (marks && !done.contains(last.segment)) {
                last.segment.mark(last.place, last.records);
            }
        } catch (IOException e) {
            LOG.warn("{}: what was handled stays: {}", what, DiskFault.reason(e));
        }
    }

    /** Of the segments, notes in the first that is not read to its end how far it is; when the thread has ended. */
    void markRead() throws IOException {
        if (segment == null) {
            return;
        }
        for (SpillSegment each : log.takeHandled(segment, place)) {
            each.remove();
        }
        if (place < segment.end()) {
            segment.mark(place, records);
        }
    }

    /** Frames that are back in the queue, or not to be read. */
    long returnedFrames() {
        return returnedFrames.value();
    }

    long returnedBytes() {
        return returnedBytes.value();
    }

    /** Bytes of the limit that are free again. */
    long freedBytes() {
        return freedBytes.value();
    }

    long unreadable() {
        return unreadable.value();
    }

    /** The time stamp of the frame that came back last: what waits is younger. */
    long lastTimestampNanos() {
        return lastTimestampNanos.value();
    }
}
