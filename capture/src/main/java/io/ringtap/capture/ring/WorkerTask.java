package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.ledger.Progress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What one thread of a worker does on one ring: it walks over every slot, and handles the frames that are its share. A
 * handler that throws harms only that frame; the other handlers still get it. The counts are for any thread, {@link
 * #abandon} too; the rest is for the one thread that calls {@link #begin}.
 */
final class WorkerTask {
    /** How often handlers are given the time, whether frames come or not. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Slots are given back at least this often, so that a slow handler does not hold a whole batch. */
    private static final int RELEASE_FRAMES = 64;

    private final List<HandlerInstance> handlers;
    private final Share share;
    private final int index;
    private final int threads;
    private final RingBuffer<FrameSlot> slots;
    private final SlabFrame frame;
    private final HandlerFaults faults;

    /** The last slot walked over: what the capture thread waits for. Padded, as the other two counts are. */
    private final Sequence handled = new Sequence(-1);

    private final Sequence delivered = new Sequence(0);
    private final Sequence failed = new Sequence(0);

    /** Handlers whose {@code onStart} has returned. */
    private int ready;

    private long tickAt;
    private Runnable onStart = () -> {};
    private volatile Thread thread;
    private volatile String starting = "";
    private volatile boolean abandoned;

    WorkerTask(FrameRing ring, String captureName, WorkerConfig worker, int number, List<HandlerInstance> handlers) {
        share = worker.share();
        threads = worker.threads();
        index = number % threads;
        this.handlers = List.copyOf(handlers);
        slots = ring.slots();
        frame = new SlabFrame(ring.slab(), captureName);
        faults = new HandlerFaults(worker.name());
    }

    Sequence handled() {
        return handled;
    }

    long delivered() {
        return delivered.get();
    }

    long failed() {
        return failed.get();
    }

    /** How far it has come, under a thread's name; any thread. A slow handler's frames count before its slots are given back. */
    Progress progress(String threadName) {
        return new Progress(threadName, handled.get() + delivered.get() + failed.get(), !isCaughtUp());
    }

    /** Has {@code hook}, which must not throw, called on the thread before its handlers; before {@link #begin()}. */
    void onStart(Runnable hook) {
        onStart = hook;
    }

    /** Handles no further frame, and interrupts the one that is being handled. */
    void abandon() {
        abandoned = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Starts the handlers. Null, or what one of them threw. */
    @SuppressWarnings("CatchAndPrintStackTrace") // a handler may throw anything; the caller reports it
    Throwable begin() {
        thread = Thread.currentThread();
        onStart.run();
        tickAt = System.nanoTime() + TICK_NANOS;
        for (HandlerInstance h : handlers) {
            starting = h.type();
            try {
                h.handler().onStart(h);
                ready++;
            } catch (Throwable e) {
                return e;
            }
        }
        return null;
    }

    /** The type of the handler that was started last, and perhaps still is; any thread. */
    String starting() {
        return starting;
    }

    /** Handles what is published and not handled yet, as a batch. */
    void handlePublished() {
        long next = handled.get() + 1;
        long last = slots.getCursor();
        if (last >= next && !abandoned) {
            handle(next, last);
            endBatch();
        }
    }

    /** Gives the handlers a tick if it is time. */
    void tick(long nanoTime) {
        if (nanoTime - tickAt >= 0) {
            tickAt = nanoTime + TICK_NANOS;
            tickHandlers();
        }
    }

    /** Whether everything published has been handled. */
    boolean isCaughtUp() {
        return handled.get() >= slots.getCursor();
    }

    /** Stops the handlers that have started. */
    void end() {
        for (HandlerInstance h : handlers.subList(0, ready)) {
            try {
                h.handler().onStop();
            } catch (Throwable e) {
                faults.count(h.type(), "onStop", e);
            }
            h.lines().end();
        }
        faults.logTotals();
        thread = null;
    }

    /** A plain loop: on a quiet link a batch is a frame, and lambdas would be garbage a frame until they are compiled. */
    private void endBatch() {
        for (int i = 0; i < handlers.size(); i++) {
            HandlerInstance h = handlers.get(i);
            try {
                h.handler().onBatchEnd();
            } catch (Throwable e) {
                faults.count(h.type(), "onBatchEnd", e);
            }
        }
    }

    private void tickHandlers() {
        for (int i = 0; i < handlers.size(); i++) {
            HandlerInstance h = handlers.get(i);
            try {
                h.handler().onIdle();
            } catch (Throwable e) {
                faults.count(h.type(), "onIdle", e);
            }
        }
    }

    /** Handles this thread's share of the slots from {@code next} to {@code last}. */
    private void handle(long next, long last) {
        long position = next;
        while (position <= last && !abandoned) {
            long release = Math.min(last, position + RELEASE_FRAMES - 1);
            for (; position <= release && !abandoned; position++) {
                FrameSlot slot = slots.get(position);
                if (isMine(position, slot)) {
                    frame.moveTo(slot);
                    deliver();
                }
            }
            handled.set(position - 1);
        }
    }

    private boolean isMine(long position, FrameSlot slot) {
        if (threads == 1) {
            return true;
        }
        if (share == Share.ROUND_ROBIN) {
            return position % threads == index;
        }
        frame.moveTo(slot);
        return (int) ((Integer.toUnsignedLong(frame.flowHash()) * threads) >>> 32) == index;
    }

    private void deliver() {
        boolean whole = true;
        for (int i = 0; i < handlers.size(); i++) {
            HandlerInstance h = handlers.get(i);
            try {
                h.handler().onFrame(frame);
            } catch (Throwable e) {
                whole = false;
                faults.count(h.type(), "onFrame", e);
            }
        }
        Sequence outcome = whole ? delivered : failed;
        outcome.set(outcome.get() + 1);
    }
}
