package io.ringtap.capture;

import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The capture thread: moves frames from a source to a sink, which may handle them here. On stop, the source accepts no further
 * frame, and what it has accepted is still read.
 */
public final class CaptureLoop implements Runnable {
    /** Long enough for a read to fill several publications, short enough to see a stop at once. */
    private static final int READ_FRAMES = 4_096;

    /** An idle capture wakes this seldom; a stop takes as long at most. */
    private static final Duration IDLE = Duration.ofMillis(100);

    /** Under full load the clock is read this seldom. */
    private static final int READS_A_TICK = 16;

    /** libpcap's counters are 32 bits wide: they are looked at this often even if nobody asks. */
    private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** The longest block timeout there may be is rarely used; a source that has failed is waited for this long. */
    private static final long DRAIN_FAILED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long DRAIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CaptureSource source;
    private final FrameSink sink;
    private final List<FrameSink> lookers = new ArrayList<>();
    private final Thread thread;
    private final Runnable onEnd;
    private final CountDownLatch prepared = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private Runnable onStart = () -> {};
    private volatile @Nullable Throwable sinkFailure;
    private final Counter reads = new Counter();
    private final LossWatch losses;
    private final LongSupplier nanoTime;
    private final LongConsumer park;
    private long taken;

    /** What the next read gives its frames to: the sink, or what comes before it. */
    private volatile FrameSink entry;

    /** What this read does. Once it is another, the one before is called no more. */
    private volatile FrameSink entryInUse;

    private volatile boolean stopping;
    private volatile boolean cancelled;
    private volatile long drainDeadline;
    private volatile String failure = "";
    private volatile boolean emptied = true;
    private volatile CaptureState state = CaptureState.RUNNING;

    /**
     * A loop that is not running yet.
     *
     * @param threadName the thread's name: role, the capture's name, number
     * @param onEnd called on the capture thread when it ends by itself or by {@link #stop}
     */
    public CaptureLoop(CaptureSource source, FrameSink sink, String threadName, Runnable onEnd) {
        this(source, sink, threadName, onEnd, System::nanoTime, LockSupport::parkNanos);
    }

    /** As above, with a clock of its own and what lets time pass by it. */
    CaptureLoop(
            CaptureSource source,
            FrameSink sink,
            String threadName,
            Runnable onEnd,
            LongSupplier nanoTime,
            LongConsumer park) {
        this.source = source;
        this.sink = sink;
        entry = sink;
        entryInUse = sink;
        this.onEnd = onEnd;
        this.nanoTime = nanoTime;
        this.park = park;
        losses = new LossWatch(source, threadName, nanoTime.getAsLong());
        thread = Thread.ofPlatform().name(threadName).daemon().unstarted(this);
    }

    /** Has {@code hook}, which must not throw, called on the capture thread before it reads; before {@link #prepare}. */
    public void onStart(Runnable hook) {
        onStart = hook;
    }

    /**
     * Starts the thread, and waits until the sink is ready for {@link #start()}. Null, what the sink failed with, or a {@link
     * TimeoutException} if it is not ready in time.
     */
    public @Nullable Throwable prepare(Duration maximum) throws InterruptedException {
        thread.start();
        return prepared.await(maximum.toNanos(), TimeUnit.NANOSECONDS) ? sinkFailure : new TimeoutException();
    }

    /** Has the thread read. */
    public void start() {
        go.countDown();
    }

    /** Returns what the loop is doing; any thread. */
    public CaptureState state() {
        CaptureState now = state;
        return now == CaptureState.RUNNING && source.isWaiting() ? CaptureState.WAITING : now;
    }

    /** Returns whether the thread has read its last; any thread. */
    public boolean ended() {
        return state != CaptureState.RUNNING;
    }

    /** Returns whether the thread runs; any thread. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Returns how far the loop has come; any thread. It reads on a silent link too, and is never without work until it ends. */
    public Progress progress() {
        return new Progress(thread.getName(), reads.value(), state == CaptureState.RUNNING);
    }

    /**
     * Has a sink given each frame before the others, from the next read on. It must not wait, and what it returns is not looked
     * at; its other methods are not called. Any thread; without one a read is what it was.
     */
    public synchronized void attach(FrameSink looker) {
        lookers.add(looker);
        enter();
    }

    /** Takes it away again, from the next read on: {@link #isUsed} tells when no frame is given to it any more. Any thread. */
    public synchronized void detach(FrameSink looker) {
        lookers.remove(looker);
        enter();
    }

    private void enter() {
        entry = lookers.isEmpty() ? sink : new LookedAtSink(List.copyOf(lookers), sink);
    }

    /** Returns whether a frame may still be given to a sink that was attached. Any thread. */
    public synchronized boolean isUsed(FrameSink looker) {
        boolean known = lookers.contains(looker) || (entryInUse instanceof LookedAtSink looked && looked.has(looker));
        return known && thread.isAlive();
    }

    /**
     * Asks the thread to accept nothing more, read what is there, and end.
     *
     * @param deadline of {@link System#nanoTime}, after which the rest is left unread
     */
    public void stop(long deadline) {
        drainDeadline = deadline;
        stopping = true;
    }

    /** Has the thread end without reading; after {@link #prepare}, in place of {@link #start()}. */
    public void cancel() {
        cancelled = true;
        go.countDown();
    }

    /** Waits for the thread to end, until a deadline of {@link System#nanoTime}; whether it has. */
    public boolean join(long deadline) throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return true;
        }
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        return !thread.isAlive();
    }

    @Override
    public void run() {
        onStart.run();
        sinkFailure = sink.begin();
        prepared.countDown();
        if (sinkFailure == null && awaitGo()) {
            readAll();
        }
        sink.end();
    }

    private boolean awaitGo() {
        while (true) {
            try {
                go.await();
                return !cancelled;
            } catch (InterruptedException e) {
                // a handler's onStart left the flag set: nothing to end for
            }
        }
    }

    private void readAll() {
        int last = CaptureSource.FAILED;
        try {
            last = readUntilStopped();
            if (last == 0) {
                source.quiesce();
                emptied = drain(drainDeadline);
            } else if (last == CaptureSource.REFUSED) {
                emptied = false;
            } else if (last == CaptureSource.FAILED) {
                drain(nanoTime.getAsLong() + DRAIN_FAILED_NANOS);
            }
            losses.end();
        } catch (RuntimeException | Error e) {
            last = CaptureSource.FAILED;
            failure = thread.getName() + " ended: " + e + ", which is a defect of ringtap: please report it";
        }
        state = last == CaptureSource.FAILED ? CaptureState.FAILED : CaptureState.ENDED;
        onEnd.run();
    }

    /** Returns whether, having been stopped, it has read everything that was accepted; any thread. */
    public boolean emptied() {
        return emptied;
    }

    /** Returns what went wrong in the loop itself or in its source, as {@link CaptureSource#failure()}; any thread. */
    public String failure() {
        return failure.isEmpty() ? source.failure() : failure;
    }

    /** The last result of a read: negative if the source or the sink ended the loop. */
    private int readUntilStopped() {
        long countAt = nanoTime.getAsLong() + COUNT_NANOS;
        while (!stopping) {
            int count = read();
            if (count < 0) {
                return count;
            }
            if (count == 0 || reads.value() % READS_A_TICK == 0) {
                long now = nanoTime.getAsLong();
                sink.tick(now);
                losses.look(now);
                if (now - countAt > 0) {
                    source.counts();
                    countAt = now + COUNT_NANOS;
                }
            }
            if (count == 0) {
                source.await(IDLE);
            }
        }
        return 0;
    }

    /**
     * Reads until everything that was accepted has come; a block not full comes when its timeout is over. A source that
     * has failed may still give what is in its ring. Whether everything came in time.
     */
    private boolean drain(long deadline) {
        while (nanoTime.getAsLong() - deadline < 0) {
            int count = read();
            if (count == CaptureSource.END || count == CaptureSource.REFUSED) {
                return count == CaptureSource.END;
            }
            if (count <= 0) {
                CaptureSource.SourceCounts counts = source.counts();
                if (counts.received() - counts.dropped() <= taken) {
                    return true;
                }
                park.accept(DRAIN_PAUSE_NANOS);
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // the same one is meant
    private int read() {
        reads.add(1);
        FrameSink next = entry;
        if (next != entryInUse) {
            entryInUse = next;
        }
        int count;
        try {
            count = source.poll(next, READ_FRAMES);
        } finally {
            sink.flush(); // what was taken is handed on, even by a read that throws
        }
        taken += Math.max(0, count);
        return count;
    }
}
