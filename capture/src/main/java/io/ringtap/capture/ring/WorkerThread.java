package io.ringtap.capture.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * One thread of a worker on one ring. It walks over every slot, and handles the frames that are its share. A handler
 * that throws harms only that frame; the other handlers still get it.
 */
final class WorkerThread implements Runnable {
    /** Slots are given back at least this often, so that a slow handler does not hold a whole batch. */
    private static final int RELEASE_FRAMES = 64;

    /** What an interrupted thread may still take. */
    private static final long ABANDON_MILLIS = 200;

    private final Thread thread;
    private final List<HandlerInstance> handlers;
    private final Share share;
    private final int index;
    private final int threads;
    private final RingBuffer<FrameSlot> slots;
    private final SequenceBarrier barrier;
    private final SlabFrame frame;
    private final HandlerFaults faults;
    private final CountDownLatch started = new CountDownLatch(1);

    /** The last slot walked over: what the capture thread waits for. Padded, as the other two counts are. */
    private final Sequence handled = new Sequence(-1);

    private final Sequence delivered = new Sequence(0);
    private final Sequence failed = new Sequence(0);

    /** Handlers whose {@code onStart} has returned. */
    private int ready;

    private Runnable onStart = () -> {};
    private volatile Throwable startFailure;
    private volatile boolean draining;
    private volatile boolean abandoned;

    WorkerThread(FrameRing ring, String captureName, WorkerConfig worker, int number, List<HandlerInstance> handlers) {
        share = worker.share();
        threads = worker.threads();
        index = number % threads;
        this.handlers = List.copyOf(handlers);
        slots = ring.slots();
        barrier = ring.newBarrier();
        frame = new SlabFrame(ring.slab(), captureName);
        faults = new HandlerFaults(worker.name());
        thread = Thread.ofPlatform()
                .name("worker-" + worker.name() + "-" + number)
                .daemon()
                .unstarted(this);
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

    /** Has {@code hook}, which must not throw, called on the thread before its handlers; before {@link #start()}. */
    void onStart(Runnable hook) {
        onStart = hook;
    }

    /** Starts the thread; {@link #awaitStarted} tells when its handlers are ready. */
    void start() {
        thread.start();
    }

    /** What a handler's {@code onStart} threw, or null; waits for all of them to return. */
    Throwable awaitStarted() throws InterruptedException {
        started.await();
        return startFailure;
    }

    /** No frame will be published any more: the thread ends after the last one. */
    void drain() {
        draining = true;
        barrier.alert();
    }

    /**
     * Waits for the thread to end; past the deadline it is interrupted and left behind.
     *
     * @param deadline of {@link System#nanoTime}
     * @return whether it has ended
     */
    boolean join(long deadline) throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return true;
        }
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        if (thread.isAlive()) {
            abandoned = true;
            thread.interrupt();
            thread.join(ABANDON_MILLIS);
        }
        return !thread.isAlive();
    }

    @Override
    public void run() {
        onStart.run();
        startFailure = startHandlers();
        started.countDown();
        if (startFailure == null) {
            handleAll();
        }
        handlers.subList(0, ready)
                .forEach(h -> guard(h, "onStop", () -> h.handler().onStop()));
        faults.logTotals();
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // a handler may throw anything; the caller reports it
    private Throwable startHandlers() {
        for (HandlerInstance h : handlers) {
            try {
                h.handler().onStart(h);
                ready++;
            } catch (Throwable e) {
                return e;
            }
        }
        return null;
    }

    private void handleAll() {
        long next = 0;
        while (!abandoned) {
            long available = draining ? slots.getCursor() : awaitFrames(next);
            if (available < next) {
                if (draining) {
                    return;
                }
                continue;
            }
            next = handle(next, available);
            endBatch();
        }
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

    private long awaitFrames(long next) {
        try {
            return barrier.waitFor(next);
        } catch (AlertException e) {
            // draining: the alert stays, so that the thread looks again after what is left, and does not wait
        } catch (InterruptedException e) {
            // a handler left the interrupt flag set, or the thread was abandoned: look, and go on
        } catch (TimeoutException e) {
            throw new AssertionError("a blocking wait has no time-out", e);
        }
        return slots.getCursor();
    }

    /** Handles this thread's share of the slots from {@code next} to {@code last}; gives back the next slot. */
    private long handle(long next, long last) {
        long position = next;
        while (position <= last && !abandoned) {
            long release = Math.min(last, position + RELEASE_FRAMES - 1);
            for (; position <= release; position++) {
                FrameSlot slot = slots.get(position);
                if (isMine(position, slot)) {
                    frame.moveTo(slot);
                    deliver();
                }
            }
            handled.set(release);
        }
        return position;
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

    /** A call that may throw anything. */
    private interface Call {
        void run() throws Exception;
    }

    private void guard(HandlerInstance h, String action, Call call) {
        try {
            call.run();
        } catch (Throwable e) {
            faults.count(h.type(), action, e);
        }
    }
}
