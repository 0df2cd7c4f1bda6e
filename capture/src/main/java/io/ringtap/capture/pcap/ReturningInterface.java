package io.ringtap.capture.pcap;

import io.ringtap.capture.Backoff;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.GapReport;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.InterfaceWatch.Look;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interface that the sources of a capture read, one for each kernel ring. A thread of its own, {@code link-CAPTURE}, looks
 * whether it is there, and opens it for all sources at once when it is back, so that they are one fanout group again: also while
 * their capture threads wait for workers. A source finds its new ring when it has read the old one. Any thread.
 */
final class ReturningInterface implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReturningInterface.class);

    /** A look takes microseconds. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

    private final CaptureConfig config;
    private final InterfaceWatch watch;
    private final GapReport gaps;
    private final Backoff backoff = new Backoff();
    private final List<ReturningSource> sources = new ArrayList<>();
    private final Thread thread;

    /** The rings on the interface that is there; none while it is away. */
    private List<LivePcapSource> open = List.of();

    private String told = "";
    private boolean accepting;
    private volatile boolean ended;
    private volatile boolean waiting;

    private ReturningInterface(CaptureConfig config) {
        this.config = config;
        watch = new InterfaceWatch(config.origin().label());
        gaps = new GapReport(
                "capture " + config.name() + " on " + config.origin().label(), LOG::warn);
        for (int i = 0; i < config.threads(); i++) {
            sources.add(new ReturningSource(this, config));
        }
        thread = Thread.ofPlatform().name("link-" + config.name()).daemon().unstarted(this);
    }

    static List<ReturningSource> open(CaptureConfig config) throws OpenException {
        ReturningInterface opened = new ReturningInterface(config);
        try {
            opened.start();
            return opened.sources;
        } catch (OpenException | RuntimeException | Error e) {
            opened.sources.forEach(ReturningSource::close);
            throw e;
        }
    }

    private synchronized void start() throws OpenException {
        try {
            giveRings();
        } catch (OpenException e) {
            boolean away = e.reason() == Reason.NO_SUCH_INTERFACE || e.reason() == Reason.INTERFACE_DOWN;
            if (!away) {
                throw e;
            }
            if (((CaptureOrigin.Live) config.origin()).missing() == Missing.FAIL) {
                throw new OpenException(e.reason(), e.getMessage() + "; to wait for it: missing = \"wait\"");
            }
            checkFilter();
            begin(e.reason() == Reason.INTERFACE_DOWN ? Cause.DOWN : Cause.MISSING, "");
        }
    }

    /** Where there is an interface, opening it does this. */
    private void checkFilter() throws OpenException {
        Optional<String> problem = PcapFilter.problem(config.filter());
        if (problem.isPresent()) {
            throw OpenFailure.badFilter(config, problem.get());
        }
    }

    private void giveRings() throws OpenException {
        List<LivePcapSource> rings = LivePcapSource.open(config);
        try {
            if (accepting) {
                for (LivePcapSource ring : rings) {
                    ring.accept();
                }
            }
        } catch (OpenException | RuntimeException | Error e) {
            rings.forEach(LivePcapSource::close);
            throw e;
        }
        tell(rings);
        open = rings;
        for (int i = 0; i < rings.size(); i++) {
            sources.get(i).give(rings.get(i));
        }
        lookAtLink(watch.look());
    }

    /** Says what was granted, if that is not what was said before. */
    private void tell(List<LivePcapSource> rings) {
        String granted = rings.getFirst().granted();
        if (granted.equals(told)) {
            return;
        }
        told = granted;
        LOG.info("capture {} on {}: {}", config.name(), config.origin().label(), granted);
        RingReport report = rings.stream() // the kernel may have had less memory for one than for the others
                .map(LivePcapSource::ringReport)
                .min(Comparator.comparingLong(RingReport::frames))
                .orElseThrow();
        LOG.info("{}", report.summary());
        report.warnings().forEach(LOG::warn);
    }

    /** From now on rings accept frames as soon as they are there, and are looked after. */
    synchronized void accept() {
        if (!accepting) {
            accepting = true;
            thread.start();
        }
    }

    @Override
    public void run() {
        while (!ended) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            look();
        }
    }

    /** Has the thread look now: a socket has told of an error. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Whether the interface of a ring, which has failed, is gone. */
    synchronized boolean isGone(LivePcapSource ring) {
        look();
        if (watch.look().index() != ring.interfaceIndex()) {
            ring.markGone();
        }
        return ring.isGone();
    }

    private synchronized void look() {
        if (ended) {
            return;
        }
        Look look = watch.look();
        if (open.isEmpty()) {
            lookForIt(look);
        } else if (look.index() == open.getFirst().interfaceIndex()) {
            lookAtLink(look);
        } else {
            open.forEach(LivePcapSource::markGone);
            open = List.of();
            begin(Cause.MISSING, "");
            lookForIt(look);
        }
    }

    private void lookAtLink(Look look) {
        if (look.trouble().isPresent()) {
            begin(look.trouble().get(), "");
        } else {
            waiting = false;
            gaps.end();
        }
    }

    private void begin(Cause cause, String detail) {
        waiting = true;
        gaps.begin(cause, detail);
    }

    /** Opens the interface if it is back, it is time, and no source is two rings behind. */
    private void lookForIt(Look look) {
        backoff.see(look.index());
        Optional<Cause> trouble = look.trouble().filter(cause -> cause != Cause.NO_CARRIER);
        if (trouble.isPresent()) {
            begin(trouble.get(), "");
        } else if (backoff.isTime(System.nanoTime()) && sources.stream().noneMatch(ReturningSource::hasNext)) {
            tryAgain();
        }
    }

    private void tryAgain() {
        try {
            giveRings();
        } catch (OpenException e) {
            switch (e.reason()) {
                case NO_SUCH_INTERFACE -> begin(Cause.MISSING, ""); // gone again meanwhile
                case INTERFACE_DOWN -> begin(Cause.DOWN, "");
                default -> refused(e.getMessage());
            }
        } catch (RuntimeException
                | Error e) { // without a descriptor not even a class can be loaded: tries again all the same
            refused(e.toString());
        }
    }

    private void refused(String why) {
        backoff.failed(System.nanoTime());
        begin(Cause.REFUSED, why);
    }

    boolean isWaiting() {
        return waiting;
    }

    GapCounts gaps() {
        return gaps.counts();
    }

    /** Waits for nothing any more. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            gaps.close();
            wake();
        }
    }

    /** Ends, and waits for the thread to. Idempotent. */
    void close() {
        end();
        if (thread.getState() != Thread.State.NEW) {
            boolean interrupted = Thread.interrupted();
            try {
                thread.join(END_TIMEOUT);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        watch.close();
    }
}
