package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.CaptureSource.InterfaceCounts;
import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.RingReport;
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
final class ReopeningInterface implements Runnable, AwaitedInterface.User, ReopeningSource.Owner {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    /** While frames may come. A look takes microseconds, waking up for it a hundred; a socket tells of most troubles at once. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** While none can. */
    private static final long WAITING_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Kernel and driver are asked what they count this often while somebody reads it; it takes some two milliseconds. */
    private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** While nobody does. */
    private static final long UNREAD_COUNT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

    private volatile CaptureConfig config; // its filter may change
    private final AwaitedInterface awaited;
    private final InterfaceCounters counters;
    private final List<ReopeningSource> sources = new ArrayList<>();
    private final Thread thread;

    /** The rings on the interface that is there; none while it is away. */
    private List<LivePcapSource> open = List.of();

    private String told = "";

    /** The largest MTU that the open rings have room for, or whose lack of it was told. */
    private int mtuBytes;

    private final OutgoingWatch outgoing = new OutgoingWatch();
    private volatile boolean countsRead = true;
    private boolean accepting;
    private volatile boolean ended;

    private ReopeningInterface(CaptureConfig config) {
        this.config = config;
        String label = config.origin().label();
        counters = new InterfaceCounters(label);
        awaited = new AwaitedInterface(label, "capture " + config.name() + " on " + label, LOG::warn, this);
        for (int i = 0; i < config.threads(); i++) {
            sources.add(new ReopeningSource(this, config));
        }
        thread = Thread.ofPlatform().name("link-" + config.name()).daemon().unstarted(this);
    }

    static List<ReopeningSource> open(CaptureConfig config) throws OpenException {
        ReopeningInterface opened = new ReopeningInterface(config);
        try {
            opened.start();
            return opened.sources;
        } catch (OpenException | RuntimeException | Error e) {
            opened.sources.forEach(ReopeningSource::close);
            throw e;
        }
    }

    private synchronized void start() throws OpenException {
        try {
            awaited.open();
        } catch (OpenException e) {
            if (!AwaitedInterface.isAway(e) || ((CaptureOrigin.Live) config.origin()).missing() == Missing.FAIL) {
                throw e;
            }
            checkFilter(config);
            awaited.await(e);
        }
    }

    /** Where there is an interface, opening it does this. */
    private static void checkFilter(CaptureConfig config) throws OpenException {
        Optional<String> problem = PcapFilter.problem(config.filter(), FilterPlace.KERNEL);
        if (problem.isPresent()) {
            throw OpenFailure.badFilter(config, problem.get());
        }
    }

    @Override
    public synchronized void filter(ReopeningSource source, String expression) throws OpenException {
        CaptureConfig filtered = config.withFilter(expression);
        if (open.isEmpty()) {
            checkFilter(filtered);
        } else {
            open.get(sources.indexOf(source)).filter(expression);
        }
        config = filtered;
    }

    @Override
    public int open() throws OpenException {
        List<LivePcapSource> rings = LivePcapSource.open(config);
        try {
            if (accepting) {
                for (LivePcapSource ring : rings) {
                    ring.accept();
                }
                counters.begin();
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
        return rings.getFirst().interfaceIndex();
    }

    @Override
    public void leave() {
        open.forEach(LivePcapSource::markGone);
        open = List.of();
    }

    /** A source that is two rings behind would lose one. */
    @Override
    public boolean isReady() {
        return sources.stream().noneMatch(ReopeningSource::hasNext);
    }

    /** Says what was granted, if that is not what was said before. */
    private void tell(List<LivePcapSource> rings) {
        mtuBytes = rings.getFirst().ringReport().link().mtuBytes();
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

    /** {@inheritDoc} They are looked after, too. */
    @Override
    public synchronized void accept() {
        if (!accepting) {
            accepting = true;
            counters.begin();
            thread.start();
        }
    }

    @Override
    public void run() {
        long countedNanos = System.nanoTime();
        while (!ended) {
            LockSupport.parkNanos(this, isWaiting() ? WAITING_LOOK_NANOS : LOOK_NANOS);
            look();
            if (System.nanoTime() - countedNanos >= (countsRead ? COUNT_NANOS : UNREAD_COUNT_NANOS)) {
                countsRead = false;
                counters.look();
                countedNanos = System.nanoTime();
            }
            outgoing.look(config, isWaiting(), this::received);
        }
        outgoing.close();
    }

    private long received() {
        return sources.stream().mapToLong(source -> source.counts().received()).sum();
    }

    @Override
    public long outgoing() {
        return outgoing.frames();
    }

    /** {@inheritDoc} The thread looks now. */
    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public synchronized boolean isGone(ReopeningSource.Ring ring) {
        look();
        wake(); // it looks more often from now on
        if (awaited.index() != ring.interfaceIndex()) {
            ring.markGone();
        }
        return ring.isGone();
    }

    private synchronized void look() {
        if (!ended) {
            awaited.look();
            lookAtMtu();
        }
    }

    /** It may rise while rings are open, whose slots do not. */
    private void lookAtMtu() {
        int now = awaited.mtuBytes();
        if (now > mtuBytes && !open.isEmpty()) {
            mtuBytes = now;
            open.getFirst().ringReport().cut(now).ifPresent(LOG::warn);
        }
    }

    @Override
    public boolean isWaiting() {
        return awaited.trouble().isPresent();
    }

    @Override
    public GapCounts gaps() {
        return awaited.gaps();
    }

    @Override
    public InterfaceCounts interfaceCounts() {
        countsRead = true;
        return counters.counts();
    }

    @Override
    public synchronized void end() {
        if (!ended) {
            ended = true;
            counters.look();
            awaited.end();
            wake();
        }
    }

    @Override
    public void close() {
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
        awaited.close();
        counters.close();
    }
}
