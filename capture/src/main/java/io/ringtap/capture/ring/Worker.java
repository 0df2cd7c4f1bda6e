package io.ringtap.capture.ring;

import com.lmax.disruptor.Sequence;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.HandlerReply;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.ring.spill.Spill;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.HandlerServices;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import io.ringtap.ledger.SpillCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker on one ring: its threads, each with handler instances of its own. A detached one's threads work on its queue,
 * which a thread more feeds; an in-place one has none, for the capture thread calls its handlers. Counts are for any thread.
 */
public final class Worker {
    private final WorkerConfig config;
    private final FrameRing ring;
    private final String captureName;
    private final TunnelPorts tunnelPorts;
    private final int firstNumber;
    private final List<HandlerChain> chains = new ArrayList<>();
    private final List<WorkerTask> tasks = new ArrayList<>(); // of each chain but an in-place worker's
    private final List<WorkerThread> threads = new ArrayList<>();
    private final Counter heldUpNanos = new Counter();
    private int unready;

    /** What a detached worker's frames come through; null for a gate worker. */
    private final QueueFeed feed;

    /**
     * Adds a worker whose handlers get all frames to a ring, before the first frame.
     *
     * @param capture what its handlers are told of the capture
     * @param ringIndex which of its capture's rings; threads are numbered on over them
     * @param tables where its handlers' counters go, shared by the capture's rings
     * @param services what its handlers reach out to
     */
    public Worker(
            WorkerConfig config,
            FrameRing ring,
            CaptureFacts capture,
            int ringIndex,
            HandlerTables tables,
            HandlerServices services) {
        this(config, ring, capture, ringIndex, tables, services, filter -> {
            throw new IllegalArgumentException("nothing here compiles the filter " + filter);
        });
    }

    /**
     * Adds a worker to a ring, before the first frame.
     *
     * @param capture what its handlers are told of the capture
     * @param ringIndex which of its capture's rings; threads are numbered on over them
     * @param tables where its handlers' counters go, shared by the capture's rings
     * @param services what its handlers reach out to
     * @param filterCompiler makes a filter of a handler's expression
     * @throws OutOfMemoryError if there is none for a detached worker's queue
     */
    public Worker(
            WorkerConfig config,
            FrameRing ring,
            CaptureFacts capture,
            int ringIndex,
            HandlerTables tables,
            HandlerServices services,
            Function<String, FrameFilter> filterCompiler) {
        this.config = config;
        this.ring = ring;
        captureName = capture.name();
        tunnelPorts = capture.tunnelPorts();
        firstNumber = ringIndex * config.threads();
        FlowSample sample = new FlowSample(config.sample(), config.tunnels());
        boolean detached = config.delivery() == Delivery.DETACH;
        feed = detached
                ? new QueueFeed(
                        config,
                        ring,
                        captureName,
                        ringIndex,
                        tunnelPorts,
                        sample,
                        this::handledByAll,
                        this::drainThreads)
                : null;
        FrameRing own = detached ? feed.queue() : ring;
        FlowSample left = detached ? new FlowSample(1, config.tunnels()) : sample; // the feed takes it
        WorkerHandlers handlers = new WorkerHandlers(config, ring, capture, tables, services, filterCompiler);
        for (int i = 0; i < config.threads(); i++) {
            QueryQueue questions = new QueryQueue();
            chains.add(new HandlerChain(handlers.make(firstNumber + i, questions), questions, duplicates()));
        }
        if (isInPlace()) {
            ring.inPlace().add(this, chains.getFirst(), sample);
            return;
        }
        for (int i = 0; i < config.threads(); i++) {
            WorkerTask task = new WorkerTask(own, capture, config, firstNumber + i, left, chains.get(i));
            tasks.add(task);
            threads.add(new WorkerThread(threadName(i), task, own.newBarrier()));
        }
        own.gate(tasks.stream().map(WorkerTask::handled).toArray(Sequence[]::new));
        ring.add(this);
    }

    private @Nullable Duplicates duplicates() {
        return config.deduplicate().isZero() ? null : new Duplicates(config.deduplicate());
    }

    private boolean isInPlace() {
        return config.delivery() == Delivery.IN_PLACE;
    }

    private String threadName(int task) {
        return "worker-" + config.name() + "-" + (firstNumber + task);
    }

    /** Returns what it is. */
    public WorkerConfig config() {
        return config;
    }

    /** Has {@code hook}, which must not throw, called with its number on each thread first; before {@link #start}. */
    public void onThreadStart(IntConsumer hook) {
        for (int i = 0; i < chains.size(); i++) {
            int number = firstNumber + i;
            chains.get(i).onStart(() -> hook.accept(number));
        }
    }

    /**
     * Has the capture thread handle the frames, in place of a thread of the worker's own: for a gate worker of one thread
     * that is the only one on its ring, before {@link #start}. Nobody is to be woken then; while a handler is busy nothing
     * is read, and the kernel ring holds what comes.
     */
    public void runOnCaptureThread() {
        threads.clear();
        ring.runHere(new OnCaptureThread(this, tasks.getFirst()));
    }

    /**
     * Starts its threads, and waits until every handler's {@code onStart} has returned. Null, what one threw, or a {@link
     * java.util.concurrent.TimeoutException} if one has not returned in time.
     */
    public Throwable start(Duration maximum) throws InterruptedException {
        long deadline = System.nanoTime() + maximum.toNanos();
        Spill spill = spill();
        if (spill != null) {
            try {
                spill.open();
            } catch (IOException e) {
                return new SpillException(e.getMessage());
            }
        }
        threads.forEach(WorkerThread::start);
        for (int i = 0; i < threads.size(); i++) {
            Throwable failure = threads.get(i).awaitStarted(deadline);
            if (failure != null) {
                unready = i;
                return failure;
            }
        }
        if (feed != null) {
            feed.start();
        }
        return null;
    }

    /** Returns whether each of its handlers' {@code onStart} has returned. */
    public boolean isReady() {
        return chains.stream().allMatch(HandlerChain::isReady);
    }

    /** The type of the handler that it could not be started for. */
    public String unreadyHandler() {
        return chains.get(unready).starting();
    }

    /** No frame will be published any more: handle what is there, and end. */
    public void drain() {
        if (feed == null || !feed.drain()) {
            drainThreads();
        }
    }

    private void drainThreads() {
        threads.forEach(WorkerThread::drain);
    }

    /**
     * Waits for its threads to end after {@link #drain()}.
     *
     * @param deadline of {@link System#nanoTime}
     * @return whether all have ended, with every frame handled
     */
    public boolean join(long deadline) throws InterruptedException {
        boolean ended = feed == null || feed.join(deadline);
        for (WorkerThread thread : threads) {
            ended &= thread.join(deadline);
        }
        return ended && lag() == 0;
    }

    private @Nullable Spill spill() {
        return feed == null ? null : feed.spill();
    }

    /** Has what is spilled when it is stopped kept for the worker of this process that takes its place. */
    public void handOnSpill() {
        Spill spill = spill();
        if (spill != null) {
            spill.handOn();
        }
    }

    /**
     * Keeps what it leaves unhandled for the next start, if it is to be kept; after {@link #join}, or {@link #abandon}.
     *
     * @return whether nothing is left then but what is kept
     */
    public boolean keep() {
        Spill spill = spill();
        long left = unhandled();
        if (spill != null && spill.keeps() && left > 0 && feed != null && !feed.isAlive()) {
            long busy = threads.stream()
                    .filter(WorkerThread::isAlive)
                    .count(); // with a frame each, which may yet be handled
            spill.keep(this::giveUnhandled, left - busy);
        }
        return unhandled() == 0 && threads.stream().noneMatch(WorkerThread::isAlive);
    }

    private long unhandled() {
        Spill spill = spill();
        long taken = spill == null ? 0 : spill.resumed() - spill.kept();
        return published() + taken - delivered() - failed() - shed() - sampledOut() - sieved() - duplicate();
    }

    /** Gives a sink the frames of the queue that were not handled. */
    private void giveUnhandled(FrameSink sink) {
        FrameRing queue = Objects.requireNonNull(feed).queue();
        MemoryFrame view = new MemoryFrame(captureName, tunnelPorts);
        for (long position = handledByAll() + 1; position < queue.published(); position++) {
            for (WorkerTask task : tasks) {
                if (task.hasBeforeIt(position, view)) {
                    FrameSlot slot = queue.slots().get(position);
                    boolean _ = sink.onFrame(
                            queue.slab().address(slot.position), slot.captured, slot.original, slot.timestampNanos);
                }
            }
        }
    }

    /** Gives up the folder of its spill, if its threads have ended. */
    public void leaveSpill() {
        Spill spill = spill();
        if (spill != null) {
            spill.leave(unhandled() == 0 && spill.kept() == 0);
        }
    }

    /** Counts of what it has spilled; absent if it does not spill. */
    Optional<SpillCounts> spillCounts() {
        return Optional.ofNullable(spill()).map(Spill::counts);
    }

    /** Returns whether a thread of its own runs, and may read a frame; any thread. */
    public boolean isAlive() {
        return threads.stream().anyMatch(WorkerThread::isAlive) || (feed != null && feed.isAlive());
    }

    /** Has its threads handle no further frame, and interrupts them; any thread. */
    public void abandon() {
        if (feed != null) {
            feed.abandon();
        }
        chains.forEach(HandlerChain::abandon);
    }

    /** The last slot of the capture's ring that it needs no more. */
    long position() {
        return feed == null ? handledByAll() : feed.position();
    }

    /** The last slot of its own ring that all of its threads have walked over. */
    private long handledByAll() {
        long position = Long.MAX_VALUE;
        for (int i = 0; i < tasks.size(); i++) { // without an iterator: the capture thread asks with every wait
            position = Math.min(position, tasks.get(i).handled().get());
        }
        return position;
    }

    /** The capture thread waited for this worker. */
    void heldUp(long nanos) {
        heldUpNanos.add(nanos);
    }

    /** A wait for this worker is over. */
    void stalled(long nanos) {
        if (nanos >= StallEvent.LEAST_NANOS) {
            StallEvent stall = new StallEvent();
            stall.capture = captureName;
            stall.worker = config.name();
            stall.heldUp = nanos;
            stall.commit();
        }
    }

    /**
     * Returns how far its threads have come; any thread. Of a detached worker, the feed alone: a handler that stands still there
     * harms nothing else, and is nothing to end the process for.
     */
    public List<Progress> progress() {
        if (feed != null) {
            return List.of(feed.progress());
        }
        if (isInPlace()) {
            return List.of(ring.inPlace().progress(this, threadName(0)));
        }
        List<Progress> progress = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            progress.add(tasks.get(i).progress(threadName(i)));
        }
        return progress;
    }

    /** Frames the capture has published for it, those that were sieved before they came to it included. */
    public long published() {
        return ring.entered();
    }

    /** Frames that handlers of in-place workers left out before they came to it. */
    public long sieved() {
        return isInPlace() ? 0 : ring.sieved();
    }

    /** Asks the handlers that answer to a name; any thread. */
    public List<HandlerReply> ask(String name, Map<String, String> parameters) {
        return chains.stream()
                .flatMap(chain -> chain.questions().ask(name, parameters).stream())
                .toList();
    }

    /** Frames that every handler has handled. */
    public long delivered() {
        return chains.stream().mapToLong(HandlerChain::delivered).sum();
    }

    /** Frames that a handler threw on. */
    public long failed() {
        return chains.stream().mapToLong(HandlerChain::failed).sum();
    }

    /** Frames that there was no room for in a detached worker's queue and spill. */
    public long shed() {
        return feed == null ? 0 : feed.shed();
    }

    /** Frames of flows that its sample leaves out. */
    public long sampledOut() {
        return feed == null
                ? chains.stream().mapToLong(HandlerChain::sampledOut).sum()
                : feed.sampledOut();
    }

    /** Frames that came before, and were left out. */
    public long duplicate() {
        return chains.stream().mapToLong(HandlerChain::duplicate).sum();
    }

    /** Frames published that its slowest thread has still before it. */
    public long lag() {
        if (isInPlace()) {
            return 0;
        }
        return feed == null
                ? Math.max(0, ring.published() - 1 - position())
                : feed.lag() + Math.max(0, feed.queue().published() - 1 - handledByAll());
    }

    /** The capture's time stamp of the oldest frame it has still before it; {@link Long#MAX_VALUE} if there is none. */
    long oldestTimestampNanos() {
        long oldest = Long.MAX_VALUE;
        for (WorkerTask task : tasks) {
            oldest = Math.min(oldest, (feed == null ? ring : feed.queue()).timestampBehind(task.handled()));
        }
        return oldest == Long.MAX_VALUE && feed != null ? feed.oldestTimestampNanos() : oldest;
    }

    List<HandlerChain> chains() {
        return chains;
    }

    /** Time the capture thread waited for room while this worker was the slowest, nanoseconds. */
    public long blockedNanos() {
        return heldUpNanos.value();
    }
}
