package io.ringtap.daemon;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.HandlerReply;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.pcap.AwaitedInterface;
import io.ringtap.daemon.control.tap.LiveTaps;
import io.ringtap.handler.flight.FlightRecorders;
import io.ringtap.handler.flows.FlowExports;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EndedCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import io.ringtap.ledger.WorkerCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The captures that run, and what those counted that ran before. Any thread asks; one at a time changes them. */
final class Captures {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    private final FlowExports flowExports = new FlowExports();
    private final FlightRecorders recorders = new FlightRecorders();
    private final LiveTaps liveTaps = new LiveTaps();
    private final Map<String, PublishedFrames> published = new ConcurrentHashMap<>();

    /** Those that have ended by themselves. */
    private final Set<Tap> reported = ConcurrentHashMap.newKeySet();

    private final Runnable onEnd;
    private volatile boolean failed;
    private volatile Books books = new Books(List.of(), EndedCounts.NONE);

    /** Changed as one, so that no capture is missing from the books as it ends, or in them twice. */
    private record Books(List<Tap> running, EndedCounts ended) {}

    /**
     * None yet.
     *
     * @param onEnd called on a capture thread when one has ended, so that {@link #reportEnds} has something to say
     */
    Captures(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    /** Where handlers on these captures give their ended flows. */
    FlowExports flowExports() {
        return flowExports;
    }

    /** The flight recorders on these captures. */
    FlightRecorders recorders() {
        return recorders;
    }

    /** Those who look at these captures live. */
    LiveTaps liveTaps() {
        return liveTaps;
    }

    /** Opens a capture. @throws OpenException that says what to do, if its interface may be waited for */
    Tap open(CaptureConfig capture, List<WorkerConfig> workers, InjectLoops injects) throws OpenException {
        try {
            return Tap.open(capture, workers, new CaptureServices(capture.origin(), injects, flowExports, recorders));
        } catch (OpenException e) {
            if (AwaitedInterface.isAway(e)) {
                throw new OpenException(e.reason(), e.getMessage() + "; to wait for it: missing = \"wait\"");
            }
            throw e;
        }
    }

    /** Counts a capture from now on. */
    void add(Tap tap) {
        List<Tap> running = new ArrayList<>(books.running);
        running.add(tap);
        books = new Books(List.copyOf(running), books.ended);
        published(tap.config().name()).begin(tap);
        liveTaps.began(tap);
        tap.onEnd(onEnd);
    }

    /** Those that run. */
    List<Tap> running() {
        return books.running;
    }

    /** That of a name, which is there. */
    Tap running(String name) {
        return books.running.stream()
                .filter(tap -> tap.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The interfaces that are captured on. */
    Set<String> interfaces() {
        return books.running.stream()
                .map(tap -> tap.config().origin())
                .filter(CaptureOrigin.Live.class::isInstance)
                .map(CaptureOrigin::label)
                .collect(Collectors.toSet());
    }

    /** Shows them in the order of a configuration. */
    void order(List<CaptureConfig> captures) {
        List<String> names = captures.stream().map(CaptureConfig::name).toList();
        List<Tap> running = new ArrayList<>(books.running);
        running.sort(Comparator.comparingInt(tap -> names.indexOf(tap.config().name())));
        books = new Books(List.copyOf(running), books.ended);
    }

    /** Returns how many frames are published under a name, by whichever capture has it. */
    LongSupplier publishedOf(String name) {
        return published(name);
    }

    private PublishedFrames published(String name) {
        return published.computeIfAbsent(name, _ -> new PublishedFrames());
    }

    /** Has {@code wake} called each time that streams which follow a capture may have a frame to send. */
    void alarm(List<InjectConfig> streams, Runnable wake) {
        for (Tap tap : books.running) {
            tap.alarmEvery(framesAwaited(streams, tap.config().name()), wake);
        }
    }

    private static long framesAwaited(List<InjectConfig> streams, String capture) {
        return streams.stream()
                .map(InjectConfig::schedule)
                .filter(s -> s instanceof Schedule.EveryFrames every
                        && every.captureName().equals(capture))
                .mapToLong(s -> ((Schedule.EveryFrames) s).frames())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Stops captures, and keeps what they counted in the books: that of one that has not ended in time, as it is then. */
    void end(List<Tap> ending, Duration timeout) {
        ending.forEach(liveTaps::leaving);
        stop(ending, timeout);
        EndedCounts ended = books.ended;
        for (Tap tap : ending) {
            List<HandlerCounts> handlers = tap.handlerCounts();
            List<WorkerCounts> workers = tap.workerCounts();
            ended = ended.plus(tap.counts(), workers, handlers, tap.drained());
        }
        List<Tap> rest = new ArrayList<>(books.running);
        rest.removeAll(ending);
        ending.forEach(this::report);
        ending.forEach(tap -> published(tap.config().name()).end());
        books = new Books(List.copyOf(rest), ended);
        reported.retainAll(rest);
        ending.forEach(Tap::close);
    }

    /** Stops all. */
    void stop(Duration timeout) {
        stop(books.running, timeout);
    }

    /**
     * All at the same time: one whose workers do not end takes nothing of the time that the others have. An interrupt, which
     * would leave some half stopped, is kept for later: the wait has a bound.
     */
    private static void stop(List<Tap> taps, Duration timeout) {
        List<Thread> stops = new ArrayList<>();
        for (Tap tap : taps) {
            String name = "stop-" + tap.config().name();
            stops.add(Thread.ofPlatform().name(name).daemon().start(() -> stop(tap, timeout)));
        }
        boolean interrupted = false;
        for (Thread stop : stops) {
            interrupted |= joinInSpiteOfInterrupts(stop);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joinInSpiteOfInterrupts(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private static void stop(Tap tap, Duration timeout) {
        try {
            if (!tap.stop(timeout)) {
                LOG.error(
                        "capture {}: not everything was handled within {} s (daemon.stop-timeout): left {}",
                        tap.config().name(),
                        timeout.toMillis() / 1e3,
                        left(tap));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String left(Tap tap) {
        List<String> left = new ArrayList<>();
        for (WorkerCounts worker : tap.workerCounts()) {
            if (worker.inFlight() > 0) {
                left.add(worker.inFlight() + " frames before worker " + worker.name()
                        + worker.spill()
                                .filter(spill -> spill.waiting() > 0)
                                .map(spill -> ", of them " + spill.waiting() + " in its spill")
                                .orElse(""));
            }
        }
        long unread = tap.counts().inKernelRing();
        if (unread > 0) {
            left.add(unread + " frames in the kernel ring");
        }
        return left.isEmpty() ? "a handler's onStop that has not returned" : String.join(", ", left);
    }

    /** The books as they are now. Downstream first, so that nothing is counted behind a stage before it. */
    Ledger ledger(List<InjectCounts> injected) {
        Books now = books;
        List<Tap> taps = now.running;
        List<HandlerCounts> handlers =
                taps.stream().flatMap(tap -> tap.handlerCounts().stream()).toList();
        boolean drained = now.ended.drained() && taps.stream().allMatch(Tap::drained);
        List<WorkerCounts> workers = workerCounts(taps);
        List<CaptureCounts> captures = taps.stream().map(Tap::counts).toList();
        return new Ledger(
                now.ended.addedTo(captures),
                now.ended.addedToWorkers(workers),
                injected,
                now.ended.addedToHandlers(handlers),
                drained);
    }

    /** Those of the captures that run. */
    List<WorkerCounts> workerCounts() {
        return workerCounts(books.running);
    }

    private static List<WorkerCounts> workerCounts(List<Tap> taps) {
        return taps.stream().flatMap(tap -> tap.workerCounts().stream()).toList();
    }

    List<Progress> progress() {
        return books.running.stream().flatMap(tap -> tap.progress().stream()).toList();
    }

    /** Asks the handlers that answer to a name. */
    List<HandlerReply> ask(String name, Map<String, String> parameters) {
        return books.running.stream()
                .flatMap(tap -> tap.ask(name, parameters).stream())
                .toList();
    }

    /** Logs, once, of each that has ended by itself, why. */
    void reportEnds() throws InterruptedException {
        for (Tap tap : books.running) {
            if (tap.awaitEnd(Duration.ZERO)) {
                report(tap);
            }
        }
    }

    private void report(Tap tap) {
        if (reported.add(tap)) {
            boolean captureFailed = tap.counts().state() == CaptureState.FAILED;
            failed |= captureFailed;
            tap.failure().ifPresent(captureFailed ? LOG::error : LOG::warn);
        }
    }

    /** Returns whether all have ended by themselves; what they published may wait to be handled. */
    boolean haveEnded() {
        List<Tap> running = books.running;
        return !running.isEmpty() && reported.containsAll(running);
    }

    /** One that should run does not. */
    void fail() {
        failed = true;
    }

    /** Returns whether one has failed. */
    boolean failed() {
        return failed;
    }

    /** Releases all, in reverse order. */
    void close() {
        books.running.reversed().forEach(Tap::close);
    }
}
