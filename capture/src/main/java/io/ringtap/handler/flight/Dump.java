package io.ringtap.handler.flight;

import io.ringtap.handler.record.DumpFile;
import io.ringtap.handler.record.DumpFiles;
import io.ringtap.handler.record.PcapngFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of a flight recorder from some time before an event to some time after it, of all its threads in the order of
 * time, on their way to a file. What it has still to write stays in the rings. {@link #step}, {@link #isOver} and {@link #finish} are
 * for one thread at a time, the rest for any.
 */
final class Dump {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flight");

    /** A thread without a frame is waited for so long, before later frames of others are written and before a silent link is over. */
    static final long ORDER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A clock that was put back would make a dump go on for ever: it ends so long after it should have. */
    private static final long OVERDUE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A disk that takes nothing for so long gets no more. */
    static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Bytes of a step, so that all dumps come on. */
    private static final int STEP_BYTES = 8 << 20;

    private final long id;
    private final FlightSettings settings;
    private final String capture;
    private final String worker;
    private final boolean live;
    private final DumpFiles files;
    private final List<RingCursor> cursors;
    private final DumpEvent first;
    private final boolean prolonged;
    private final Queue<DumpEvent> uncommented = new ConcurrentLinkedQueue<>();
    private final ByteBuffer staged =
            ByteBuffer.allocateDirect(FlightChunk.BYTES).order(ByteOrder.nativeOrder());
    private int stagedFrames;
    private long stagedNanos;

    /** The last time, by the frames' clock, that is the dump's. */
    private volatile long endNanos;

    /** When that is by this machine's clock; for a silent link. */
    private volatile long deadlineNano;

    /** No other cursor has an earlier frame than this; see {@link #earliest}. */
    private long boundNanos;

    private volatile int events = 1;
    private boolean over;
    private @Nullable DumpFile file;
    private boolean discarding;
    private boolean refused;
    private long refusedNano;
    private long retryNano;
    private volatile DumpStatus.State state = DumpStatus.State.RUNNING;
    private volatile long frames;
    private volatile long bytes;
    private volatile long missed;
    private volatile long lost;
    private volatile Optional<Path> path = Optional.empty();

    /**
     * One that has written nothing.
     *
     * @param recorder whose it is
     * @param prolonged whether later events prolong it
     */
    Dump(long id, FlightRecorder recorder, List<RingCursor> cursors, DumpEvent event, boolean prolonged) {
        this.id = id;
        settings = recorder.settings();
        capture = recorder.capture();
        worker = recorder.worker();
        live = recorder.live();
        files = recorder.files();
        this.cursors = cursors;
        first = event;
        this.prolonged = prolonged;
        uncommented.add(event);
        endNanos = event.atNanos() + settings.after().toNanos();
        deadlineNano = deadline(recorder);
        retryNano = recorder.nanoTime();
        LOG.info("{} begins: {}", this, event.text());
    }

    private long deadline(FlightRecorder recorder) {
        return recorder.nanoTime() + Math.max(0, endNanos - recorder.now());
    }

    /** Takes a further event; false if it is over, or would get too long. */
    synchronized boolean join(DumpEvent event, FlightRecorder recorder) {
        long end = event.atNanos() + settings.after().toNanos();
        if (over || !prolonged || end - first.atNanos() > settings.longest().toNanos()) {
            return false;
        }
        events++;
        uncommented.add(event);
        if (end > endNanos) {
            endNanos = end;
            deadlineNano = deadline(recorder);
        }
        return true;
    }

    /** Writes what has come, as far as it can be put in order. Returns whether there may be more at once. */
    boolean step(long nowNano, boolean closing) {
        if (nowNano - retryNano < 0 && !closing) {
            return false;
        }
        int taken = 0;
        try {
            for (RingCursor next = earliest(nowNano);
                    next != null && taken < STEP_BYTES;
                    next = earliest(nowNano)) {
                taken += take(next, nowNano);
            }
            flush();
        } catch (IOException e) {
            refuse(e, nowNano, closing);
            return closing;
        }
        return taken >= STEP_BYTES;
    }

    /** The cursor at the earliest frame, which others have none before; null if there is none yet. */
    private @Nullable RingCursor earliest(long nowNano) {
        RingCursor earliest = null;
        long earliestNanos = Long.MAX_VALUE;
        long bound = endNanos;
        for (RingCursor cursor : cursors) {
            if (!cursor.ready(nowNano)) {
                boolean waits =
                        cursors.size() > 1 && !cursor.isOver(nowNano) && cursor.silentFor(nowNano) < ORDER_NANOS;
                if (waits) {
                    return null;
                }
                continue;
            }
            long nanos = cursor.nanos();
            if (nanos > endNanos) {
                continue;
            }
            if (earliest == null || nanos < earliestNanos) {
                bound = Math.min(bound, earliestNanos);
                earliest = cursor;
                earliestNanos = nanos;
            } else {
                bound = Math.min(bound, nanos);
            }
        }
        boundNanos = bound;
        return earliest;
    }

    /** Takes the frames that come before those of other cursors; some of them, if they are many. */
    private int take(RingCursor cursor, long nowNano) throws IOException {
        int taken = 0;
        do {
            if (staged.remaining() < cursor.bytes() + PcapngFormat.MOST_COMMENT) {
                flush();
            }
            long nanos = cursor.nanos();
            stagedNanos = stagedFrames == 0 ? nanos : stagedNanos;
            int start = staged.position();
            String comment = comment(nanos);
            if (comment.isEmpty()) {
                cursor.take(staged);
            } else {
                cursor.take(staged, comment);
            }
            stagedFrames++;
            taken += staged.position() - start;
        } while (taken < FlightChunk.BYTES && cursor.ready(nowNano) && cursor.nanos() <= boundNanos);
        return taken;
    }

    /** The events that were before a frame, and behind the one before it. */
    private String comment(long nanos) {
        DumpEvent next = uncommented.peek();
        if (next == null || next.atNanos() > nanos) {
            return "";
        }
        uncommented.remove();
        String others = comment(nanos);
        return others.isEmpty() ? next.text() : next.text() + "; " + others;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes them
    private void flush() throws IOException {
        if (stagedFrames == 0) {
            return;
        }
        if (discarding) {
            lost += stagedFrames;
            files.lost(stagedFrames);
        } else {
            write(staged.duplicate().flip());
            frames += stagedFrames;
            bytes += staged.position();
        }
        staged.clear();
        stagedFrames = 0;
    }

    private void write(ByteBuffer records) throws IOException {
        if (file == null) {
            file = files.create("flight recorder " + settings.name() + ": " + first.text());
        }
        file.append(records, stagedFrames, stagedNanos);
        if (refused) {
            refused = false;
            LOG.info("{} goes on: the disk takes frames again", this);
        }
    }

    private void refuse(IOException reason, long nowNano, boolean closing) {
        retryNano = nowNano + RETRY_NANOS;
        if (!refused) {
            refused = true;
            refusedNano = nowNano;
            files.refused();
            LOG.error(
                    "{} waits: cannot write to {}: {}; its frames stay in memory, and it goes on by itself if that changes within"
                            + " {} s",
                    this,
                    settings.files().folder(),
                    DumpFiles.reason(reason),
                    TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS));
        }
        if (closing || nowNano - refusedNano >= PATIENCE_NANOS) {
            discarding = true;
            retryNano = nowNano;
            LOG.error("{} gets no more frames: the disk has not taken them in time", this);
        }
    }

    /** Returns whether all is written that it will have; no event can prolong it then. */
    synchronized boolean isOver(long nowNano) {
        over = over || (stagedFrames == 0 && isComplete(nowNano));
        return over;
    }

    private boolean isComplete(long nowNano) {
        if (live && nowNano - deadlineNano >= OVERDUE_NANOS) {
            return true;
        }
        boolean late = live && nowNano - deadlineNano >= 0;
        return cursors.stream()
                .allMatch(cursor -> cursor.ready(nowNano)
                        ? cursor.nanos() > endNanos
                        : cursor.isOver(nowNano) || (late && cursor.silentFor(nowNano) >= ORDER_NANOS));
    }

    /** Lets the rings have their memory. */
    void letGo() {
        missed = cursors.stream().mapToLong(RingCursor::missed).sum();
        cursors.forEach(RingCursor::close);
    }

    /** Gives the file its name; takes as long as the disk does. */
    void finish() {
        try {
            if (file != null) {
                path = Optional.of(file.finish());
            }
            state = lost == 0 ? DumpStatus.State.DONE : DumpStatus.State.FAILED;
            LOG.info(
                    "{} is {}: {} frames of {} event{}, {} missed, {} lost",
                    this,
                    path.map(Path::toString).orElse("empty"),
                    frames,
                    events,
                    events == 1 ? "" : "s",
                    missed,
                    lost);
        } catch (NoSuchFileException e) {
            lose("was removed or moved away before it was whole");
        } catch (IOException e) {
            state = DumpStatus.State.FAILED;
            LOG.error("{} stays under a hidden name until ringtap starts next: {}", this, DumpFiles.reason(e));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // nobody else writes it any more
    private void lose(String why) {
        files.lost(frames);
        lost += frames;
        frames = 0;
        state = DumpStatus.State.FAILED;
        LOG.error("{} {}: its frames count as lost", this, why);
    }

    DumpStatus status() {
        return new DumpStatus(
                id,
                settings.name(),
                capture,
                worker,
                state,
                first.text(),
                events,
                frames,
                bytes,
                missed,
                lost,
                path);
    }

    /** For the log. */
    @Override
    public String toString() {
        return "dump " + id + " of flight recorder " + settings.name() + " on capture " + capture;
    }
}
