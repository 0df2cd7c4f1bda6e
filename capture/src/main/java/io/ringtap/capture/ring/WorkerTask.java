package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The task of one thread of a worker on one ring: it walks over every slot, and handles the frames that are its share. A
 * handler that throws harms only that frame; the other handlers still get it. The counts are for any thread, {@link #abandon}
 * too; the rest is for the one thread that calls {@link #begin}.
 */
final class WorkerTask implements RingTask {
    /** How often handlers are given the time, whether frames come or not. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Slots are given back at least this often, so that a slow handler does not hold a whole batch. */
    private static final int RELEASE_FRAMES = 64;

    /** Handlers that take longer have their slots given back one by one: 64 of them would hold up to 1 ms. */
    private static final long SLOW_NANOS = 15_000;

    private final HandlerCalls[] handlers;
    private final int index;
    private final int threads;
    private final boolean inTurn;
    private final FlowSample sample;
    private final boolean hashed;
    private final RingBuffer<FrameSlot> slots;
    private final SlabFrame frame;
    private final QueryQueue questions;
    private final BusyMeter busy = new BusyMeter(System.nanoTime());

    /** The last slot walked over: what the capture thread waits for. Padded, as the other two counts are. */
    private final Sequence handled = new Sequence(-1);

    private final Sequence delivered = new Sequence(0);
    private final Sequence failed = new Sequence(0);
    private final Counter sampledOut = new Counter();

    /** Handlers whose {@code onStart} has returned. */
    private int ready;

    private long tickAt;
    private Runnable onStart = () -> {};
    private volatile Thread thread;
    private volatile String starting = "";
    private volatile boolean abandoned;

    WorkerTask(
            FrameRing ring,
            String captureName,
            WorkerConfig worker,
            int number,
            FlowSample sample,
            List<HandlerCalls> handlers,
            QueryQueue questions) {
        this.questions = questions;
        threads = worker.threads();
        index = number % threads;
        inTurn = threads > 1 && worker.share() == Share.ROUND_ROBIN;
        this.sample = sample;
        hashed = (threads > 1 && !inTurn) || !sample.isAll();
        this.handlers = handlers.toArray(HandlerCalls[]::new);
        slots = ring.slots();
        frame = new SlabFrame(ring.slab(), captureName);
    }

    @Override
    public Sequence handled() {
        return handled;
    }

    long delivered() {
        return delivered.get();
    }

    long failed() {
        return failed.get();
    }

    /** Returns how far it has come, under a thread's name; any thread. A slow handler's frames count before its slots are given back. */
    Progress progress(String threadName) {
        return new Progress(threadName, handled.get() + delivered.get() + failed.get(), !isCaughtUp());
    }

    /** Frames of flows that the sample leaves out. */
    long sampledOut() {
        return sampledOut.value();
    }

    /** The share of the time that it was busy of late; any thread. */
    double busyShare(long nanoTime) {
        return busy.share(nanoTime);
    }

    List<HandlerCalls> handlers() {
        return List.of(handlers);
    }

    /** Has {@code hook}, which must not throw, called on the thread before its handlers; before {@link #begin()}. */
    void onStart(Runnable hook) {
        onStart = hook;
    }

    @Override
    public void abandon() {
        abandoned = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean abandoned() {
        return abandoned;
    }

    @Override
    public Throwable begin() {
        thread = Thread.currentThread();
        onStart.run();
        tickAt = System.nanoTime() + TICK_NANOS;
        for (HandlerCalls handler : handlers) {
            starting = handler.type();
            Throwable thrown = handler.start();
            if (thrown != null) {
                return thrown;
            }
            ready++;
        }
        return null;
    }

    /** The type of the handler that was started last, and perhaps still is; any thread. */
    String starting() {
        return starting;
    }

    @Override
    public long handlePublished() {
        long next = handled.get() + 1;
        long last = slots.getCursor();
        if (last < next || abandoned) {
            return 0;
        }
        long before = System.nanoTime();
        busy.begin(before);
        handle(next, last);
        for (HandlerCalls handler : handlers) {
            handler.endBatch();
        }
        long after = System.nanoTime();
        busy.end(after);
        return after - before;
    }

    /** Returns what the handlers are asked. */
    QueryQueue questions() {
        return questions;
    }

    @Override
    public boolean isAsked() {
        return questions.isAsked();
    }

    @Override
    public void tick(long nanoTime) {
        questions.work();
        if (nanoTime - tickAt < 0) {
            return;
        }
        tickAt = nanoTime + TICK_NANOS;
        long before = nanoTime;
        busy.begin(before);
        for (HandlerCalls handler : handlers) {
            before = handler.tick(before);
        }
        busy.end(before);
        busy.turn(before);
    }

    @Override
    public boolean isCaughtUp() {
        return handled.get() >= slots.getCursor();
    }

    /** Stops the handlers that have started. */
    @Override
    public void end() {
        questions.end();
        frame.end();
        for (int i = 0; i < ready; i++) {
            handlers[i].stop();
        }
        thread = null;
    }

    /** Handles this thread's share of the slots from {@code next} to {@code last}. */
    private void handle(long next, long last) {
        long position = next;
        while (position <= last && !abandoned) {
            long release = Math.min(last, position + releaseFrames() - 1);
            for (; position <= release && !abandoned; position++) {
                handle(position);
            }
            handled.set(position - 1);
        }
    }

    private int releaseFrames() {
        long nanos = 0;
        for (HandlerCalls handler : handlers) {
            nanos += handler.lastNanos();
        }
        return nanos > SLOW_NANOS ? 1 : RELEASE_FRAMES;
    }

    private void handle(long position) {
        if (inTurn && position % threads != index) {
            return;
        }
        frame.moveTo(slots.get(position));
        if (hashed) {
            int hash = frame.flowHash();
            if (!inTurn && (int) ((Integer.toUnsignedLong(hash) * threads) >>> 32) != index) {
                return;
            }
            if (!sample.takes(hash)) {
                sampledOut.add(1);
                return;
            }
        }
        deliver();
    }

    private void deliver() {
        boolean whole = true;
        for (HandlerCalls handler : handlers) {
            whole &= handler.handle(frame);
        }
        Sequence outcome = whole ? delivered : failed;
        outcome.set(outcome.get() + 1);
    }
}
