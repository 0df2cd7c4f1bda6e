package io.ringtap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.HandlerReply;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.pcap.PcapFilesSource;
import io.ringtap.capture.pcap.ReopeningSource;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.capture.pcap.ThreadScheduling;
import io.ringtap.capture.ring.HandlerTables;
import io.ringtap.capture.ring.Worker;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.HandlerServices;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.Progress;
import io.ringtap.ledger.WorkerCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A capture put together: for each kernel ring a source, a capture thread, a ring and its workers. The way in for
 * programs that embed ringtap. Counts are for any thread; the rest is for the thread that opened it.
 */
public final class Tap implements AutoCloseable {
    /** Opening a file or a connection takes less, or will not succeed. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private volatile CaptureConfig config;
    private final Map<WorkerConfig, HandlerTables> tables = new LinkedHashMap<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final LaneCounts counted;
    private final CountDownLatch running;
    private volatile Runnable onEnd = () -> {};
    private boolean ready;
    private boolean started;
    private boolean stopped;
    private volatile boolean drained;
    private boolean closed;

    private Tap(CaptureConfig config, List<WorkerConfig> workers) {
        this.config = config;
        running = new CountDownLatch(config.threads());
        counted = new LaneCounts(config, lanes);
        boolean live = config.origin() instanceof CaptureOrigin.Live;
        workers.stream()
                .filter(w -> w.worksOn(config.name()))
                .forEach(w -> tables.put(w, new HandlerTables(w, config.name(), live)));
    }

    /**
     * Opens the interface or file, and makes the workers' handlers; {@link #start()} sets it going.
     *
     * @param services what handlers reach out to: called when one asks
     */
    public static Tap open(CaptureConfig config, List<WorkerConfig> workers, HandlerServices services)
            throws OpenException {
        Tap tap = new Tap(config, workers);
        try {
            tap.checkThreads();
            tap.openLanes(services);
            return tap;
        } catch (OutOfMemoryError e) {
            tap.close();
            throw noMemory(config, e);
        } catch (OpenException | RuntimeException | Error e) {
            tap.close();
            throw e;
        }
    }

    private static OpenException noMemory(CaptureConfig config, OutOfMemoryError e) {
        return new OpenException(
                Reason.OTHER,
                "capture " + config.name() + ": no memory for its rings or threads (" + e.getMessage()
                        + "): have fewer threads, or give the JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g");
    }

    private void checkThreads() throws OpenException {
        ThreadAffinity.check("capture " + config.name(), config.cpus());
        for (WorkerConfig worker : tables.keySet()) {
            ThreadAffinity.check("worker " + worker.name(), worker.cpus());
        }
        if (config.priority() == CaptureConfig.Priority.REALTIME) {
            ThreadScheduling.checkRealtime("capture " + config.name());
        }
    }

    private void openLanes(HandlerServices services) throws OpenException {
        boolean inPlace = tables.keySet().stream().anyMatch(worker -> worker.delivery() == Delivery.IN_PLACE);
        lanes.addAll(Lane.of(config, openSources(), inPlace, this::laneEnded));
        for (Lane lane : lanes) {
            lane.addWorkers(tables, facts(), services);
        }
    }

    private List<? extends CaptureSource> openSources() throws OpenException {
        return switch (config.origin()) {
            case CaptureOrigin.Live _ -> ReopeningSource.open(config);
            case CaptureOrigin.File _ -> List.of(PcapFilesSource.open(config));
        };
    }

    private CaptureFacts facts() {
        return new CaptureFacts(
                config.name(),
                config.origin().label(),
                config.mostCapturedBytes(),
                () -> config.filter(),
                config.threads(),
                config.tunnelPorts(),
                this::counts);
    }

    /** Returns what it captures, and how. */
    public CaptureConfig config() {
        return config;
    }

    /** Has {@code onReached} called on a capture thread about each time so many more frames were published in all. */
    public void alarmEvery(long frames, Runnable onReached) {
        long perLane = Math.max(1, frames / lanes.size());
        lanes.forEach(lane -> lane.ring().alarmEvery(perLane, onReached));
    }

    /**
     * Starts the workers, waits until every handler is ready, for half a minute at most, and accepts frames from then on.
     *
     * @throws OpenException if a handler's {@code onStart} throws or does not return, or the kernel refuses the filter
     */
    public void start() throws OpenException, InterruptedException {
        start(START_TIMEOUT);
    }

    /** As {@link #start()}, waiting for as long as told for the handlers of each worker. */
    public void start(Duration maximum) throws OpenException, InterruptedException {
        if (!ready) {
            accept(maximum);
        }
        started = true;
        lanes.forEach(lane -> lane.loop().start());
    }

    /**
     * The part of {@link #start()} that can fail: when this returns, every handler is ready, and frames wait in the kernel
     * ring for {@link #start()}.
     */
    public void accept() throws OpenException, InterruptedException {
        accept(START_TIMEOUT);
    }

    private void accept(Duration maximum) throws OpenException, InterruptedException {
        try {
            for (Lane lane : lanes) {
                lane.prepare(maximum);
            }
            for (Lane lane : lanes) {
                lane.source().accept();
            }
            ready = true;
        } catch (OutOfMemoryError e) {
            throw noMemory(config, e);
        } finally {
            if (!ready) {
                endWorkers(System.nanoTime() + CLOSE_TIMEOUT.toNanos());
            }
        }
    }

    /**
     * Has the kernel accept what another filter lets pass, each of its rings from one frame to the next; nothing is opened
     * or lost, and what was accepted before is still handled.
     *
     * @throws OpenException if it cannot be changed: then all rings keep the filter they had
     */
    public void filter(String expression) throws OpenException {
        int changed = 0;
        try {
            for (; changed < lanes.size(); changed++) {
                lanes.get(changed).source().filter(expression);
            }
            config = config.withFilter(expression);
        } finally {
            if (changed < lanes.size()) {
                for (Lane lane : lanes.subList(0, changed)) {
                    lane.source().filter(config.filter());
                }
            }
        }
    }

    private void laneEnded() {
        running.countDown();
        onEnd.run();
    }

    /** Has a hook, which must not throw, called on a capture thread after each that has ended; before {@link #start()}. */
    public void onEnd(Runnable hook) {
        onEnd = hook;
    }

    /** Waits until the capture ends by itself (a file's end, a failure) or is stopped. One whose interface is gone waits for it. */
    public boolean awaitEnd(Duration maximum) throws InterruptedException {
        return running.await(maximum.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns why the capture failed or, for a file that is cut short, where; empty if nothing was wrong. */
    public Optional<String> failure() {
        return lanes.stream()
                .map(lane -> lane.loop().failure())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /**
     * Accepts no further frame, reads what was accepted, has the workers handle all of it, and ends the threads. What
     * does not end in time is left behind, and shows in the counts. Idempotent.
     *
     * @return whether every frame has been handled
     */
    public boolean stop(Duration maximum) throws InterruptedException {
        if (!started || stopped) {
            return drained;
        }
        stopped = true;
        long deadline = System.nanoTime() + maximum.toNanos();
        lanes.forEach(lane -> lane.loop().stop(deadline));
        boolean emptied = Lane.awaitAll(lanes, Lane::awaitEmptied, deadline);
        boolean ended = endWorkers(deadline);
        boolean kept = keepSpills();
        drained = (ended || kept) && emptied;
        return drained;
    }

    private boolean keepSpills() {
        boolean all = true;
        for (Lane lane : lanes) {
            all &= lane.keep();
        }
        return all;
    }

    private boolean endWorkers(long deadline) throws InterruptedException {
        lanes.forEach(Lane::drain);
        return Lane.awaitAll(lanes, Lane::join, deadline);
    }

    /**
     * Has what its workers have spilled and not handled when it is stopped left to those of the next {@link Tap} of this
     * process that has a capture and workers of the same names, as {@code spill-resume} leaves it to the next process. Before
     * {@link #stop}.
     */
    public void handOnSpills() {
        lanes.forEach(lane -> lane.workers().forEach(Worker::handOnSpill));
    }

    /** Returns whether the capture was stopped, and every frame it had accepted handled. */
    public boolean drained() {
        return drained;
    }

    /** Frames published so far; any thread. */
    public long published() {
        return counted.published();
    }

    /**
     * The counts of the capture; any thread. Taken after {@link #workerCounts()} they never show more frames behind a stage
     * than before it.
     */
    public CaptureCounts counts() {
        return counted.ofCapture();
    }

    /** The counts of its workers; any thread. */
    public List<WorkerCounts> workerCounts() {
        return counted.ofWorkers(tables.size());
    }

    /** Returns how far its threads have come; any thread. */
    public List<Progress> progress() {
        return lanes.stream().flatMap(lane -> lane.progress().stream()).toList();
    }

    /** Asks its handlers that answer to a name, see {@link io.ringtap.frame.HandlerContext#answer}; any thread. */
    public List<HandlerReply> ask(String name, Map<String, String> parameters) {
        return lanes.stream()
                .flatMap(lane -> lane.workers().stream())
                .flatMap(worker -> worker.ask(name, parameters).stream())
                .toList();
    }

    /** Returns what its handlers have published; any thread. */
    public List<HandlerCounts> handlerCounts() {
        return tables.values().stream().flatMap(t -> t.counts().stream()).toList();
    }

    /**
     * Has sinks given each frame as the capture threads read it, before the workers are: one sink for each of its kernel rings.
     * They must not wait; see {@link io.ringtap.capture.CaptureLoop#attach}. Any thread.
     */
    public void attach(List<? extends FrameSink> lookers) {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).loop().attach(lookers.get(i));
        }
    }

    /** Takes them away again; {@link #isUsed} tells when they are given nothing any more. Any thread. */
    public void detach(List<? extends FrameSink> lookers) {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).loop().detach(lookers.get(i));
        }
    }

    /** Returns whether a capture thread may still give a frame to sinks that were attached. Any thread. */
    public boolean isUsed(List<? extends FrameSink> lookers) {
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).loop().isUsed(lookers.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether its capture threads have read their last; any thread. */
    public boolean hasEnded() {
        return running.getCount() == 0;
    }

    /** Stops if still running, for at most a second, and releases everything. Idempotent. Counts stay readable. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            boolean _ = started ? stop(CLOSE_TIMEOUT) : endWorkers(System.nanoTime() + CLOSE_TIMEOUT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Lane lane : lanes) {
            lane.close(started);
        }
    }
}
