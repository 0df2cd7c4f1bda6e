package io.ringtap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.CaptureLoop;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.pcap.PcapFilter;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.capture.pcap.ThreadScheduling;
import io.ringtap.capture.ring.FrameRing;
import io.ringtap.capture.ring.HandlerTables;
import io.ringtap.capture.ring.InPlaceSink;
import io.ringtap.capture.ring.SpillException;
import io.ringtap.capture.ring.Worker;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.HandlerServices;
import io.ringtap.ledger.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One kernel ring and all that follows it: source, capture thread, ring, workers. Lanes share nothing. */
final class Lane {
    /** What threads that were told to give up may still take, those of all lanes together. */
    private static final long GIVE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CaptureConfig config;
    private final int index;
    private final CaptureSource source;
    private final FrameRing ring;
    private final CaptureLoop loop;
    private final List<Worker> workers = new ArrayList<>();

    /**
     * A lane for each source, which closes it; none has a worker yet.
     *
     * @param inPlace whether there will be an in-place worker
     * @param onEnd called on each capture thread when that ends
     */
    static List<Lane> of(CaptureConfig config, List<? extends CaptureSource> sources, boolean inPlace, Runnable onEnd) {
        List<Lane> lanes = new ArrayList<>();
        try {
            for (CaptureSource source : sources) {
                lanes.add(new Lane(config, lanes.size(), source, inPlace, onEnd));
            }
            return lanes;
        } catch (RuntimeException | Error e) { // there may be no memory for a ring
            lanes.forEach(lane -> lane.ring.close());
            sources.forEach(CaptureSource::close);
            throw e;
        }
    }

    private Lane(CaptureConfig config, int index, CaptureSource source, boolean inPlace, Runnable onEnd) {
        this.config = config;
        this.index = index;
        this.source = source;
        ring = new FrameRing(config.mostCapturedBytes());
        FrameSink sink = inPlace ? new InPlaceSink(ring, config.name(), config.tunnelPorts()) : ring;
        loop = new CaptureLoop(source, sink, "capture-" + config.name() + "-" + index, onEnd);
        loop.onStart(this::prepareThread);
    }

    private void prepareThread() {
        ThreadAffinity.bind(config.cpus(), index, config.threads());
        if (config.priority() == Priority.REALTIME) {
            ThreadScheduling.becomeRealtime();
        } else if (config.mode() == Mode.LOW_LATENCY && config.origin() instanceof CaptureOrigin.Live) {
            ThreadScheduling.shortSlice();
        }
    }

    /** Makes its workers with their handlers, in the order of the tables. */
    void addWorkers(Map<WorkerConfig, HandlerTables> tables, CaptureFacts facts, HandlerServices services)
            throws OpenException {
        for (Map.Entry<WorkerConfig, HandlerTables> worker : tables.entrySet()) {
            workers.add(worker(worker.getKey(), facts, worker.getValue(), services));
        }
        if (handlesOnCaptureThread()) {
            workers.getFirst().runOnCaptureThread();
        }
        workers.forEach(worker -> worker.onThreadStart(thread -> ThreadAffinity.bind(
                worker.config().cpus(), thread, worker.config().threads() * config.threads())));
    }

    private Worker worker(WorkerConfig worker, CaptureFacts facts, HandlerTables table, HandlerServices services)
            throws OpenException {
        try {
            return new Worker(worker, ring, facts, index, table, services, PcapFilter::inProcess);
        } catch (OutOfMemoryError e) {
            boolean detached = worker.delivery() == Delivery.DETACH;
            String queue = detached ? "its queue of " + worker.queueBytes() + " bytes and " : "";
            throw new OpenException(
                    Reason.OTHER,
                    "worker " + worker.name() + " on capture " + config.name() + ": no memory for " + queue
                            + "its handlers (" + e.getMessage() + "): " + (detached ? "make its queue smaller, " : "")
                            + "have fewer threads, or give the JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g");
        } catch (IllegalArgumentException e) {
            throw new OpenException(Reason.BAD_FILTER, "worker " + worker.name() + ": " + e.getMessage());
        }
    }

    /**
     * A second thread to wake costs more than most handlers take, and frames are out of its cache by then. Nothing is lost by
     * sparing it: that worker is waited for in any case, and the kernel ring holds far more than this one. A file is
     * read by a thread of its own, for the kernel reads nothing ahead of a handler there.
     */
    private boolean handlesOnCaptureThread() {
        if (!(config.origin() instanceof CaptureOrigin.Live) || workers.size() != 1) {
            return false;
        }
        WorkerConfig worker = workers.getFirst().config();
        return worker.threads() == 1 && worker.cpus().isEmpty() && worker.delivery() == Delivery.GATE;
    }

    CaptureSource source() {
        return source;
    }

    FrameRing ring() {
        return ring;
    }

    CaptureLoop loop() {
        return loop;
    }

    List<Worker> workers() {
        return workers;
    }

    /** Starts the workers and the capture thread, and waits until every handler is ready; nothing is read yet. */
    void prepare(Duration maximum) throws OpenException, InterruptedException {
        for (Worker worker : workers) {
            check(worker.start(maximum), worker, maximum);
        }
        Throwable failure = loop.prepare(maximum); // of a worker whose handlers the capture thread starts
        if (failure != null) {
            check(
                    failure,
                    workers.stream()
                            .filter(worker -> !worker.isReady())
                            .findFirst()
                            .orElseThrow(),
                    maximum);
        }
    }

    private void check(@Nullable Throwable failure, Worker worker, Duration maximum) throws OpenException {
        if (failure == null) {
            return;
        }
        if (failure instanceof SpillException) {
            throw new OpenException(
                    Reason.OTHER,
                    "worker " + worker.config().name() + " on capture " + config.name() + ": " + failure.getMessage()
                            + ": set spill-folder to a folder of its own that the daemon may write");
        }
        String what = switch (failure) {
            case TimeoutException _ ->
                "has not returned after " + maximum.toSeconds() + " s: it must not wait for what may not come";
            case OutOfMemoryError _ ->
                "has no memory (" + failure.getMessage()
                        + "): have it take less, or give the JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g";
            // one that a file system refuses something says so itself; anything else is a defect of its own
            case IOException _ -> "failed: " + failure.getMessage();
            default -> "threw " + failure;
        };
        throw new OpenException(
                Reason.OTHER,
                "worker " + worker.config().name() + " on capture " + config.name() + ": onStart of handler "
                        + worker.unreadyHandler() + " " + what);
    }

    /** Something to wait for, until a deadline of {@link System#nanoTime}; whether it came. */
    interface Awaited {
        boolean by(Lane lane, long deadline) throws InterruptedException;
    }

    /** Waits for all lanes; those that are late give up at the same time, so that a stop takes no longer with more of them. */
    static boolean awaitAll(List<Lane> lanes, Awaited awaited, long deadline) throws InterruptedException {
        if (awaitEach(lanes, awaited, deadline)) {
            return true;
        }
        lanes.forEach(Lane::giveUp);
        return awaitEach(lanes, awaited, System.nanoTime() + GIVE_UP_NANOS);
    }

    private static boolean awaitEach(List<Lane> lanes, Awaited awaited, long deadline) throws InterruptedException {
        boolean all = true;
        for (Lane lane : lanes) {
            all &= awaited.by(lane, deadline);
        }
        return all;
    }

    /** Waits until the capture thread, told to stop, has read its last; whether it has read everything. */
    boolean awaitEmptied(long deadline) throws InterruptedException {
        return loop.join(deadline) && loop.emptied();
    }

    /** Has its threads end: the workers when they have handled what there is, the capture thread if it never came to read. */
    void drain() {
        loop.cancel();
        workers.forEach(Worker::drain);
    }

    /** Waits for its threads to end; whether they have. */
    boolean join(long deadline) throws InterruptedException {
        boolean ended = loop.join(deadline);
        for (Worker worker : workers) {
            ended &= worker.join(deadline);
        }
        return ended;
    }

    /** Has its threads handle no further frame, and wait for nothing; interrupts those that handle one. */
    void giveUp() {
        ring.giveUp();
        workers.forEach(Worker::abandon);
    }

    /** Keeps what its workers leave and are to keep; whether nothing else is left, and their threads have ended. */
    boolean keep() {
        boolean all = true;
        for (Worker worker : workers) {
            all &= worker.keep();
        }
        return all && !loop.isAlive();
    }

    /** Returns how far its threads have come; any thread. */
    List<Progress> progress() {
        List<Progress> progress = new ArrayList<>();
        long handled = 0;
        for (Worker worker : workers) {
            for (Progress thread : worker.progress()) {
                handled += thread.position();
                progress.add(named(thread, 0));
            }
        }
        // A capture thread that waits for its workers, or does their work, moves as they do.
        progress.add(named(loop.progress(), handled));
        return progress;
    }

    private Progress named(Progress thread, long further) {
        return new Progress(
                thread.thread() + " of capture " + config.name(), thread.position() + further, thread.busy());
    }

    /** Releases the source if no thread reads it any more, and the rest if all of its threads have ended. */
    void close(boolean started) {
        if (loop.ended() || !started) {
            source.close();
        }
        workers.forEach(Worker::leaveSpill);
        if (!loop.isAlive() && workers.stream().noneMatch(Worker::isAlive)) {
            ring.close();
        }
    }
}
