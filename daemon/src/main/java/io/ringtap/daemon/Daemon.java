package io.ringtap.daemon;

import io.ringtap.Tap;
import io.ringtap.WarmUp;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.LivePcapSource;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.daemon.control.DumpCalls;
import io.ringtap.daemon.control.HandlersCall;
import io.ringtap.daemon.control.ReloadCall;
import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.daemon.control.StatsJson;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StopCall;
import io.ringtap.daemon.control.StreamCalls;
import io.ringtap.inject.InjectWarmUp;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running configuration: its captures with their workers, its streams, its control socket. */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.daemon");

    /** By then the JVM has compiled the path of a frame, on two cores and with nothing else to do. */
    private static final Duration WARM_UP = Duration.ofMillis(500);

    /** A capture thread that a worker holds up cannot look at the kernel's 32-bit counters before they wrap. */
    private static final Duration COUNT = Duration.ofSeconds(20);

    /** At what workers have still to handle, once every capture has ended. */
    private static final Duration REMAINDER_LOOK = Duration.ofMillis(200);

    /** For the streams to send what is due, though a worker may have used up the time of a stop. */
    private static final Duration INJECT_GRACE = Duration.ofMillis(500);

    private final long startNanos = System.nanoTime();

    /** A permit for whatever {@link #awaitEnd} must look at. */
    private final Semaphore attention = new Semaphore(0);

    private final Captures captures = new Captures(attention::release);
    private final InjectLoops injects;
    private final Reloads reloads;
    private final DrainWatch drain = new DrainWatch();
    private volatile boolean stopRequested;
    private volatile DaemonConfig config; // replaced by the one reload that is under way

    /** In the order in which they are opened. */
    private final List<DaemonPart> parts;

    private Daemon(DaemonConfig config, ConfigReading reading) {
        this.config = config;
        injects = new InjectLoops(captures::publishedOf);
        injects.limit(config.limits());
        MetricsPart metrics = new MetricsPart(this::look, HandlersCall.call(captures::ask));
        reloads = new Reloads(reading, this::take, metrics::reloaded);
        parts = List.of(
                control(),
                metrics,
                new ExportPart(this::ledger, captures.flowExports()),
                new LossPart(this::ledger, captures.recorders()));
    }

    /** One that cannot be reloaded. @throws OpenException, ControlException as the other */
    public static Daemon start(DaemonConfig config) throws OpenException, ControlException, InterruptedException {
        return start(config, ConfigReading.NONE);
    }

    /**
     * Opens everything and starts it; when this returns, all captures are live, or wait for their interface.
     *
     * @param reading reads the configuration anew when somebody asks for a reload
     */
    public static Daemon start(DaemonConfig config, ConfigReading reading)
            throws OpenException, ControlException, InterruptedException {
        Daemon daemon = new Daemon(config, reading);
        try {
            for (DaemonPart part : daemon.parts) {
                part.open(config);
            }
            daemon.startAll();
            daemon.reloads.begin();
            return daemon;
        } catch (OpenException | ControlException | InterruptedException | RuntimeException | Error e) {
            daemon.closeAfter(e);
            throw e;
        }
    }

    /** What fails for want of memory or descriptors may do so again in closing: why it began counts. */
    private void closeAfter(Throwable cause) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        }
    }

    private void startAll() throws OpenException, InterruptedException {
        if (config.captures().stream().anyMatch(capture -> capture.origin() instanceof CaptureOrigin.Live)) {
            LivePcapSource.rehearseFailure();
        }
        for (CaptureConfig capture : config.captures()) {
            captures.add(captures.open(capture, config.workers(), injects));
        }
        WarmUp.run(WARM_UP, config.workers());
        if (!config.injects().isEmpty()) {
            InjectWarmUp.run(WARM_UP.dividedBy(2));
        }
        try (InjectLoops.Opened streams = injects.open(config.injects(), config.captures())) {
            streams.begin(List.of());
        }
        captures.alarm(config.injects(), injects::wakeAll);
        for (Tap tap : captures.running()) {
            tap.start();
        }
    }

    private ControlPart control() {
        StreamCalls streams = new StreamCalls(injects);
        var reads = new HashMap<>(streams.reads());
        reads.put("stats", StatsJson.call(this::look));
        reads.put("handlers", HandlersCall.call(captures::ask));
        reads.put("dumps", DumpCalls.dumps(captures.recorders()));
        var changes = new HashMap<>(streams.changes());
        changes.put("dump", DumpCalls.dump(captures.recorders()));
        changes.put("tap", captures.liveTaps().call());
        changes.put("reload", ReloadCall.call(() -> reloads.reload("the control socket")));
        changes.put("stop", StopCall.call(this::requestStop, this::stopTimeout));
        return new ControlPart((socket, rights) -> ControlServer.open(socket, reads, changes, rights));
    }

    /** All counts now, and for how long they were counted; any thread. */
    public StatsLook look() {
        return new StatsLook(
                ledger(),
                Instant.now(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                captures.liveTaps().counts());
    }

    /** The books as they are now; any thread. Downstream first, so that nothing is counted behind a stage before it. */
    public Ledger ledger() {
        return captures.ledger(injects.counts());
    }

    /** Returns how far all threads that must not hang have come; any thread. */
    public List<Progress> progress() {
        List<Progress> progress = new ArrayList<>(injects.progress());
        progress.addAll(captures.progress());
        parts.forEach(part -> progress.addAll(part.progress()));
        return progress;
    }

    /** Returns what a stop may take; any thread. */
    public Duration stopTimeout() {
        return config.stopTimeout();
    }

    /** Has the configuration read again and taken, on a thread of its own; any thread. */
    public void requestReload(String signal) {
        reloads.request(signal);
    }

    /** Has hooks called, which must not throw, as a reload begins and when it is done or refused. */
    public void watchReloads(Runnable whenBegun, Runnable whenEnded) {
        reloads.watch(whenBegun, whenEnded);
    }

    /** Takes a configuration in place of the one that runs; all of it or nothing. */
    private ReloadReport take(DaemonConfig next) throws ReloadRefusedException, InterruptedException {
        ConfigChange change = new ConfigChange(config, next);
        if (!change.problems().isEmpty()) {
            throw new ReloadRefusedException(Reason.BAD_CONFIGURATION, change.problems());
        }
        List<DaemonPart.Opened> opened = new ArrayList<>();
        try (Reload reload = Reload.open(captures, injects, change)) {
            for (DaemonPart part : parts) {
                opened.add(part.openNext(next));
            }
            reload.switchOver();
        } catch (InterruptedException e) {
            opened.forEach(DaemonPart.Opened::drop);
            throw e;
        } catch (OpenException | RuntimeException | Error e) {
            opened.forEach(DaemonPart.Opened::drop);
            boolean ours = e instanceof OpenException;
            if (!ours) {
                LOG.error("a reload failed", e);
            }
            throw new ReloadRefusedException(Reason.FAILED, List.of(ours ? e.getMessage() : e.toString()));
        } finally {
            captures.liveTaps().settle();
        }
        opened.forEach(DaemonPart.Opened::take);
        captures.alarm(next.injects(), injects::wakeAll);
        config = next;
        return change.report();
    }

    /** Has {@link #awaitEnd()} return; any thread. */
    public void requestStop() {
        stopRequested = true;
        attention.release();
    }

    /**
     * Waits until a stop is requested, or every capture has ended by itself and all its frames are handled, see {@link
     * DrainWatch}. A capture that fails is reported at once; the others go on.
     */
    public void awaitEnd() throws InterruptedException {
        while (!stopRequested) {
            captures.reportEnds();
            if (!reloads.underWay()
                    && captures.haveEnded()
                    && drain.isOver(captures.workerCounts(), System.nanoTime())) {
                return;
            }
            Duration pause = captures.haveEnded() ? REMAINDER_LOOK : COUNT;
            if (!attention.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                ledger();
            }
        }
    }

    /** Returns whether a capture has ended with an error; after {@link #stop}. */
    public boolean failed() {
        return captures.failed();
    }

    /** Stops capturing, drains the rings, sends what is queued, and gives the final books. */
    public Ledger stop(Duration timeout) throws InterruptedException {
        reloads.end();
        long deadline = System.nanoTime() + timeout.toNanos();
        captures.stop(timeout);
        long left = deadline - System.nanoTime();
        injects.stop(Duration.ofNanos(Math.max(INJECT_GRACE.toNanos(), left)));
        captures.reportEnds();
        return ledger();
    }

    /** Releases everything; stops first what still runs, briefly. Idempotent. */
    @Override
    public void close() {
        reloads.end();
        captures.close();
        captures.liveTaps().close();
        injects.stop(Duration.ZERO);
        parts.reversed().forEach(DaemonPart::close);
    }
}
