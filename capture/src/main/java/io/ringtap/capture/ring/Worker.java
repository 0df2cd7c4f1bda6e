package io.ringtap.capture.ring;

import com.lmax.disruptor.Sequence;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.frame.CheckedHandler;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.HandlerOutlets;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntConsumer;

/** A worker on one ring: its threads, each with handler instances of its own. Counts are for any thread. */
public final class Worker {
    /** Whether a handler that uses a frame too late is to be told: see {@link CheckedHandler}. */
    private static final boolean CHECKED_FRAMES = Boolean.getBoolean("ringtap.checked-frames");

    private final WorkerConfig config;
    private final String captureName;
    private final FrameRing ring;
    private final int firstNumber;
    private final HandlerTables tables;
    private final HandlerOutlets outlets;
    private final List<WorkerTask> tasks = new ArrayList<>();
    private final List<WorkerThread> threads = new ArrayList<>();
    private final Counter heldUpNanos = new Counter();
    private int unready;

    /**
     * Adds a worker to a ring, before the first frame.
     *
     * @param ringIndex which of its capture's rings; threads are numbered on over them
     * @param tables where its handlers' counters go, shared by the capture's rings
     * @param outlets what its handlers reach out to
     */
    public Worker(
            WorkerConfig config,
            FrameRing ring,
            String captureName,
            int ringIndex,
            HandlerTables tables,
            HandlerOutlets outlets) {
        this.config = config;
        this.captureName = captureName;
        this.ring = ring;
        firstNumber = ringIndex * config.threads();
        this.tables = tables;
        this.outlets = outlets;
        for (int i = 0; i < config.threads(); i++) {
            int number = firstNumber + i;
            WorkerTask task = new WorkerTask(ring, captureName, config, number, instances(number));
            tasks.add(task);
            threads.add(new WorkerThread(threadName(i), task, ring.newBarrier()));
        }
        ring.add(this, tasks.stream().map(WorkerTask::handled).toArray(Sequence[]::new));
    }

    private List<HandlerInstance> instances(int number) {
        List<HandlerInstance> instances = new ArrayList<>();
        for (int i = 0; i < config.handlers().size(); i++) {
            HandlerFactory factory = config.handlers().get(i);
            FrameHandler handler = factory.supplier().get();
            instances.add(new HandlerInstance(
                    factory.type(),
                    CHECKED_FRAMES ? new CheckedHandler(factory.type(), handler) : handler,
                    captureName,
                    config.name(),
                    number,
                    tables.of(i),
                    new HashMap<>(),
                    outlets,
                    new HandlerLog(origin(factory, number), System::nanoTime)));
        }
        return instances;
    }

    private String threadName(int task) {
        return "worker-" + config.name() + "-" + (firstNumber + task);
    }

    private String origin(HandlerFactory factory, int number) {
        return "worker " + config.name() + " handler " + factory.type() + " on " + captureName + " thread " + number;
    }

    /** What it is. */
    public WorkerConfig config() {
        return config;
    }

    /** Has {@code hook}, which must not throw, called with its number on each thread first; before {@link #start}. */
    public void onThreadStart(IntConsumer hook) {
        for (int i = 0; i < tasks.size(); i++) {
            int number = firstNumber + i;
            tasks.get(i).onStart(() -> hook.accept(number));
        }
    }

    /**
     * Has the capture thread handle the frames, in place of a thread of the worker's own: for a worker of one thread
     * that is the only one on its ring, before {@link #start}. A frame then costs one wake-up, not two; while a handler
     * is busy nothing is read, and the kernel ring holds what comes.
     */
    public void runOnCaptureThread() {
        threads.clear();
        ring.runHere(this, tasks.getFirst());
    }

    /**
     * Starts its threads, and waits until every handler's {@code onStart} has returned. Null, what one threw, or a {@link
     * java.util.concurrent.TimeoutException} if one has not returned in time.
     */
    public Throwable start(Duration maximum) throws InterruptedException {
        long deadline = System.nanoTime() + maximum.toNanos();
        threads.forEach(WorkerThread::start);
        for (int i = 0; i < threads.size(); i++) {
            Throwable failure = threads.get(i).awaitStarted(deadline);
            if (failure != null) {
                unready = i;
                return failure;
            }
        }
        return null;
    }

    /** The type of the handler that it could not be started for. */
    public String unreadyHandler() {
        return tasks.get(unready).starting();
    }

    /** No frame will be published any more: handle what is there, and end. */
    public void drain() {
        threads.forEach(WorkerThread::drain);
    }

    /**
     * Waits for its threads to end after {@link #drain()}; past the deadline they are interrupted and left behind.
     *
     * @param deadline of {@link System#nanoTime}
     * @return whether all have ended, with every frame handled
     */
    public boolean join(long deadline) throws InterruptedException {
        boolean ended = true;
        for (WorkerThread thread : threads) {
            ended &= thread.join(deadline);
        }
        return ended && lag() == 0;
    }

    /** The last slot that all of its threads have walked over. */
    long position() {
        long position = Long.MAX_VALUE;
        for (WorkerTask task : tasks) {
            position = Math.min(position, task.handled().get());
        }
        return position;
    }

    /** The capture thread waited for this worker. */
    void heldUp(long nanos) {
        heldUpNanos.add(nanos);
    }

    /** How far its threads have come; any thread. */
    public List<Progress> progress() {
        List<Progress> progress = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            progress.add(tasks.get(i).progress(threadName(i)));
        }
        return progress;
    }

    /** Frames that every handler has handled. */
    public long delivered() {
        return tasks.stream().mapToLong(WorkerTask::delivered).sum();
    }

    /** Frames that a handler threw on. */
    public long failed() {
        return tasks.stream().mapToLong(WorkerTask::failed).sum();
    }

    /** Frames published that its slowest thread has still before it. */
    public long lag() {
        long position = position();
        return Math.max(0, ring.published() - 1 - position);
    }

    /** Time the capture thread waited for room while this worker was the slowest, nanoseconds. */
    public long blockedNanos() {
        return heldUpNanos.value();
    }
}
