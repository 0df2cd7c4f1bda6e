package io.ringtap.handler.flight;

import java.io.IOException;
import java.util.List;
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

    /** Further events prolong a dump, and are counted. */
    static final int MOST_COMMENTS = 100;

    /** Bytes of a step, so that all dumps come on. */
    private static final int STEP_BYTES = 8 << 20;

    /** Bytes that are taken of a thread, before others are looked at again. */
    private static final int RUN_BYTES = FlightChunk.BYTES;

    private final long id;
    private final FlightSettings settings;

    /** For the log. */
    private final String what;

    private final String capture;
    private final String worker;
    private final boolean live;
    private List<RingCursor> cursors;
    private final DumpEvent first;
    private final boolean prolonged;
    private final Queue<DumpEvent> uncommented = new ConcurrentLinkedQueue<>();
    private final DumpOutput output;

    /** The last time, by the frames' clock, that is the dump's. */
    private volatile long endNanos;

    /** When that is by this machine's clock; for a silent link. */
    private volatile long deadlineNano;

    /** No other cursor has an earlier frame than this; see {@link #earliest}. */
    private long boundNanos;

    private volatile int events = 1;
    private volatile long missed;
    private boolean over;

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
        this.cursors = cursors;
        first = event;
        this.prolonged = prolonged;
        uncommented.add(event);
        endNanos = event.atNanos() + settings.after().toNanos();
        deadlineNano = deadline(recorder);
        what = "dump " + id + " of flight recorder " + settings.name() + " on capture " + capture;
        output = new DumpOutput(
                what,
                "flight recorder " + settings.name() + ": " + event.text(),
                settings.files().folder(),
                recorder.files(),
                recorder.nanoTime());
        LOG.info("{} begins: {}", what, event.text());
    }

    private long deadline(FlightRecorder recorder) {
        return recorder.nanoTime() + Math.max(0, endNanos - recorder.now());
    }

    /** Takes a further event; false if it is over, or would get too long. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    synchronized boolean join(DumpEvent event, FlightRecorder recorder) {
        long end = event.atNanos() + settings.after().toNanos();
        if (over || !prolonged || end - first.atNanos() > settings.longest().toNanos()) {
            return false;
        }
        if (events++ < MOST_COMMENTS) {
            uncommented.add(event);
            LOG.info("{} goes on: {}", what, event.text());
        }
        if (end > endNanos) {
            endNanos = end;
            deadlineNano = deadline(recorder);
        }
        return true;
    }

    /** Writes what has come, as far as it can be put in order. Returns whether there may be more at once. */
    boolean step(long nowNano, boolean closing) {
        if (!output.isDue(nowNano) && !closing) {
            return false;
        }
        int taken = 0;
        try {
            for (RingCursor next = earliest(nowNano); next != null && taken < STEP_BYTES; next = earliest(nowNano)) {
                taken += take(next, nowNano);
            }
            output.flush();
        } catch (IOException e) {
            output.refuse(e, nowNano, closing);
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
                if (isAwaited(cursor, nowNano)) {
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

    private boolean isAwaited(RingCursor cursor, long nowNano) {
        return cursors.size() > 1 && !cursor.isOver(nowNano) && cursor.silentFor(nowNano) < ORDER_NANOS;
    }

    /** Takes the frames that come before those of other cursors; some of them, if they are many. */
    private int take(RingCursor cursor, long nowNano) throws IOException {
        int taken = 0;
        do {
            output.makeRoom(cursor.bytes());
            taken += output.take(cursor, comment(cursor.nanos()));
        } while (taken < RUN_BYTES && cursor.ready(nowNano) && cursor.nanos() <= boundNanos);
        return taken;
    }

    /** The events that were before a frame, and behind the one before it. */
    private String comment(long nanos) {
        String text = "";
        while (isDue(nanos)) {
            text = (text.isEmpty() ? "" : text + "; ") + uncommented.remove().text();
        }
        return text;
    }

    private boolean isDue(long nanos) {
        DumpEvent next = uncommented.peek();
        return next != null && next.atNanos() <= nanos;
    }

    /** Returns whether all is written that it will have; no event can prolong it then. */
    synchronized boolean isOver(long nowNano) {
        over = over || (output.isEmpty() && isComplete(nowNano));
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

    /** Lets the rings have their memory, and gives back its own: nothing more is written. */
    void letGo() {
        missed = cursors.stream().mapToLong(RingCursor::missed).sum();
        cursors.forEach(RingCursor::close);
        cursors = List.of(); // the dump is remembered for longer than the rings may be there
        output.release();
    }

    /** Gives the file its name; takes as long as the disk does. */
    void finish() {
        output.finish(" of " + events + (events == 1 ? " event, " : " events, ") + missed + " missed");
    }

    DumpStatus status() {
        return new DumpStatus(
                id,
                settings.name(),
                capture,
                worker,
                output.state(),
                first.text(),
                events,
                output.frames(),
                output.bytes(),
                missed,
                output.lost(),
                output.path());
    }
}
