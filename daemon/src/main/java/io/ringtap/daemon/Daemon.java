package io.ringtap.daemon;

import io.ringtap.Tap;
import io.ringtap.WarmUp;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.HandlerReply;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlRights;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.daemon.control.HandlersCall;
import io.ringtap.daemon.control.StatsJson;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StreamCalls;
import io.ringtap.daemon.metrics.MetricsServer;
import io.ringtap.inject.Schedule;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import io.ringtap.ledger.WorkerCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running configuration: its captures with their workers, its streams, its control socket. */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** By then the JVM has compiled the path of a frame, on two cores and with nothing else to do. */
    private static final Duration WARM_UP = Duration.ofMillis(300);

    private static final int LOOKS_A_COUNT = 100;

    private static final Duration LOOK = Duration.ofMillis(200);

    /** For the streams to send what is due, though a worker may have used up the time of a stop. */
    private static final Duration INJECT_GRACE = Duration.ofMillis(500);

    private final long startNanos = System.nanoTime();
    private final DaemonConfig config;
    private final List<Tap> taps = new CopyOnWriteArrayList<>(); // asked from outside while it starts
    private final List<Tap> unreported = new ArrayList<>();
    private final Remainder remainder = new Remainder();
    private final InjectLoops injects;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private ControlServer control;
    private MetricsServer metrics;
    private boolean failed;

    private Daemon(DaemonConfig config) {
        this.config = config;
        injects = new InjectLoops(config.injects(), config.captures(), this::publishedOf);
    }

    /** Opens everything and starts it; when this returns, all captures are live. */
    public static Daemon start(DaemonConfig config) throws OpenException, ControlException, InterruptedException {
        Daemon daemon = new Daemon(config);
        try {
            daemon.openControl();
            daemon.openMetrics();
            for (CaptureConfig capture : config.captures()) {
                daemon.taps.add(
                        Tap.open(capture, config.workers(), new CaptureOutlets(capture.origin(), daemon.injects)));
            }
            WarmUp.run(WARM_UP);
            daemon.injects.start();
            daemon.setAlarms();
            for (Tap tap : daemon.taps) {
                tap.start();
            }
            daemon.unreported.addAll(daemon.taps);
            return daemon;
        } catch (OpenException | ControlException | InterruptedException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    /** Without its folder, which only root may make, an unprivileged daemon runs all the same, but cannot be asked. */
    private void openControl() throws ControlException {
        try {
            StreamCalls streams = new StreamCalls(injects);
            var reads = new HashMap<>(streams.reads());
            reads.put("stats", StatsJson.call(this::look));
            reads.put("handlers", HandlersCall.call(this::ask));
            control = ControlServer.open(
                    config.controlSocket(), reads, streams.changes(), new ControlRights(config.adminGroup()));
        } catch (ControlException e) {
            boolean asked = !config.controlSocket().equals(DaemonConfig.DEFAULT_CONTROL_SOCKET);
            if (asked || e.reason() != ControlException.Reason.NOT_PERMITTED) {
                throw e;
            }
            LOG.warn("{}; going on without: `ringtap stats` and the like cannot ask this daemon", e.getMessage());
        }
    }

    private void openMetrics() throws OpenException {
        if (config.metricsListen().isPresent()) {
            metrics = MetricsServer.open(config.metricsListen().get(), this::ledger);
            LOG.info("metrics on http:/{}/metrics", metrics.address());
        }
    }

    private LongSupplier publishedOf(String captureName) {
        return taps.stream()
                .filter(tap -> tap.config().name().equals(captureName))
                .findFirst()
                .<LongSupplier>map(tap -> tap::published)
                .orElseThrow();
    }

    private void setAlarms() {
        Runnable wake = injects.wakeAll();
        for (Tap tap : taps) {
            frameCountsAwaitedOf(tap).min().ifPresent(frames -> tap.alarmEvery(frames, wake));
        }
    }

    private LongStream frameCountsAwaitedOf(Tap tap) {
        return config.injects().stream()
                .map(inject -> inject.schedule())
                .filter(s -> s instanceof Schedule.EveryFrames every
                        && every.captureName().equals(tap.config().name()))
                .mapToLong(s -> ((Schedule.EveryFrames) s).frames());
    }

    private List<HandlerReply> ask(String name, Map<String, String> parameters) {
        return taps.stream().flatMap(tap -> tap.ask(name, parameters).stream()).toList();
    }

    private StatsLook look() {
        return new StatsLook(ledger(), Instant.now(), Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /** The books as they are now; any thread. Downstream first, so that nothing is counted behind a stage before it. */
    public Ledger ledger() {
        List<InjectCounts> injected = injects.counts();
        List<HandlerCounts> handlers =
                taps.stream().flatMap(tap -> tap.handlerCounts().stream()).toList();
        boolean drained = taps.stream().allMatch(Tap::drained);
        List<WorkerCounts> workers =
                taps.stream().flatMap(tap -> tap.workerCounts().stream()).toList();
        List<CaptureCounts> captures = taps.stream().map(Tap::counts).toList();
        return new Ledger(captures, workers, injected, handlers, drained);
    }

    /** How far all threads that must not hang have come; any thread. */
    public List<Progress> progress() {
        List<Progress> progress = new ArrayList<>(injects.progress());
        taps.forEach(tap -> progress.addAll(tap.progress()));
        if (control != null) {
            progress.add(control.progress());
        }
        return progress;
    }

    /** Has {@link #awaitEnd()} return; any thread. */
    public void requestStop() {
        stopRequested.countDown();
    }

    /**
     * Waits until a stop is requested, or every capture has ended by itself and all its frames are handled, see {@link
     * Remainder}. A capture that fails is reported at once; the others go on.
     */
    public void awaitEnd() throws InterruptedException {
        for (long look = 1; !stopRequested.await(LOOK.toMillis(), TimeUnit.MILLISECONDS); look++) {
            reportEnds();
            if (look % LOOKS_A_COUNT == 0) {
                ledger(); // a capture thread that a worker holds up cannot look at the 32-bit counters before they wrap
            }
            if (!taps.isEmpty() && unreported.isEmpty() && remainder.isOver(ledger().workers(), System.nanoTime())) {
                return;
            }
        }
    }

    private void reportEnds() throws InterruptedException {
        for (Tap tap : List.copyOf(unreported)) {
            if (tap.awaitEnd(Duration.ZERO)) {
                unreported.remove(tap);
                boolean captureFailed = tap.counts().state() == CaptureState.FAILED;
                failed |= captureFailed;
                tap.failure().ifPresent(captureFailed ? LOG::error : LOG::warn);
            }
        }
    }

    /** Whether a capture has ended with an error; after {@link #stop}. */
    public boolean failed() {
        return failed;
    }

    /** Stops capturing, drains the rings, sends what is queued, and gives the final books. */
    public Ledger stop(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        stopTaps(timeout);
        long left = deadline - System.nanoTime();
        injects.stop(Duration.ofNanos(Math.max(INJECT_GRACE.toNanos(), left)));
        reportEnds();
        return ledger();
    }

    /** All at the same time: one whose workers do not end takes nothing of the time that the others have. */
    private void stopTaps(Duration timeout) throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        for (Tap tap : taps) {
            String name = "stop-" + tap.config().name();
            stops.add(Thread.ofPlatform().name(name).daemon().start(() -> stop(tap, timeout)));
        }
        for (Thread stop : stops) {
            stop.join();
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
                left.add(worker.inFlight() + " frames before worker " + worker.name());
            }
        }
        long unread = tap.counts().inKernelRing();
        if (unread > 0) {
            left.add(unread + " frames in the kernel ring");
        }
        return left.isEmpty() ? "a handler's onStop that has not returned" : String.join(", ", left);
    }

    /** Releases everything; stops first what still runs, briefly. Idempotent. */
    @Override
    public void close() {
        taps.reversed().forEach(Tap::close);
        injects.stop(Duration.ZERO);
        if (metrics != null) {
            metrics.close();
        }
        if (control != null) {
            control.close();
        }
    }
}
