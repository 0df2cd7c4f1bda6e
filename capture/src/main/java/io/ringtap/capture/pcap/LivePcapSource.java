package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.LinkLimits;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.RingArithmetic;
import io.ringtap.capture.RingReport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kernel ring on an interface. The read loop never blocks in libpcap: {@link #poll} takes what is there, {@link
 * #await} sleeps in poll(2), after it has spun for as long as it is told to.
 *
 * <p>Counts start at {@link #accept()}, not when libpcap opened its socket: frames that came between, before the filter
 * was there, are thrown away and not counted.
 */
public final class LivePcapSource implements ReopeningSource.Ring {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");
    private static final String LONGER_THAN_NAMES_ARE = "no-such-interface";
    private static final short POLLIN = 1;

    /** Frames from before the filter are thrown away first, so that they take no room; with a long block timeout, later. */
    private static final long DISCARD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long DISCARD_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final FrameSink DISCARD = new FrameSink() {
        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            return true;
        }

        @Override
        public void flush() {}
    };

    private final CaptureConfig config; // with the snaplen that it has on this interface
    private final RingReport asked;
    private final OpenedHandle opened;
    private final KernelCounts counts;
    private final FrameReader reader;
    private final CoalescingSleep coalescing;
    private final long spinNanos;
    private final int interfaceIndex;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollfd = arena.allocate(8, 4);

    private long toDiscard;
    private String failure = "";
    private volatile boolean gone;

    /** Read by any thread that asks how full the ring is: closing unmaps it. */
    private boolean closed;

    private LivePcapSource(CaptureConfig config, RingReport asked, OpenedHandle opened) {
        this.config = config;
        this.asked = asked;
        this.opened = opened;
        counts = new KernelCounts(opened.handle());
        interfaceIndex = opened.socket().interfaceIndex();
        reader = reader(config, opened);
        coalescing = new CoalescingSleep(ringReport().ring().ringBytes(), config.timeout());
        spinNanos = config.spin().toNanos();
        pollfd.set(JAVA_INT, 0, opened.socket().descriptor());
        pollfd.set(JAVA_SHORT, 4, POLLIN);
    }

    private static FrameReader reader(CaptureConfig config, OpenedHandle opened) {
        if (config.engine() == Engine.PCAP4J) {
            return new Pcap4jReader(opened.handle(), Math.max(config.snaplenBytes(), 64));
        }
        Optional<? extends FrameReader> mapped = config.mode() == Mode.THROUGHPUT
                ? BlockReader.of(opened.address(), opened.socket(), config.snaplenBytes())
                : SlotReader.of(opened.address(), opened.socket(), config.snaplenBytes());
        return mapped.isPresent() ? mapped.get() : new FfmReader(opened.address(), opened.nanoseconds());
    }

    /** Opens a kernel ring for each of the configuration's threads, in one fanout group; none accepts a frame yet. */
    public static List<LivePcapSource> open(CaptureConfig config) throws OpenException {
        List<LivePcapSource> sources = new ArrayList<>();
        try {
            for (int i = 0; i < config.threads(); i++) {
                sources.add(openOne(config));
            }
            if (sources.size() > 1) {
                OpenedHandle first = sources.getFirst().opened;
                for (LivePcapSource source : sources) {
                    source.opened.joinFanout(config, first);
                }
            }
            return sources;
        } catch (OpenException | RuntimeException | Error e) {
            sources.forEach(LivePcapSource::close);
            throw e;
        }
    }

    /**
     * Opens an interface that cannot be, so that all that tells why one cannot be opened is loaded: later there may be no
     * descriptor left to load it by.
     */
    public static void rehearseFailure() {
        try {
            openOne(CaptureConfig.live(LONGER_THAN_NAMES_ARE)).close();
        } catch (OpenException e) {
            LOG.debug("as it should be", e);
        }
    }

    private static LivePcapSource openOne(CaptureConfig config) throws OpenException {
        RingReport asked = expectedRing(config);
        CaptureConfig onLink = config.on(asked.link());
        OpenedHandle opened = OpenedHandle.open(onLink);
        try {
            LivePcapSource source = new LivePcapSource(onLink, asked, opened);
            source.toDiscard = source.counts.startFromHere();
            return source;
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void accept() throws OpenException {
        long deadline = System.nanoTime() + DISCARD_NANOS;
        while (toDiscard > 0 && System.nanoTime() - deadline < 0) {
            if (discard() == 0) {
                LockSupport.parkNanos(DISCARD_PAUSE_NANOS); // a block that is not full comes when its timeout is over
            }
        }
        opened.accept(config);
    }

    /** Returns what libpcap and the kernel made of the request: ring and snaplen, and a warning where they differ from it. */
    public String granted() {
        return opened.granted(config);
    }

    /** Returns what its kernel ring holds; where the kernel does not tell what it granted, what was asked for. */
    public RingReport ringReport() {
        return new RingReport(asked.config(), opened.ring(config).orElse(asked.ring()), asked.link());
    }

    /**
     * Returns what the kernel rings of an interface would hold; opens nothing. Where there is no such interface, or it cannot be
     * asked, assumes what most have, and says so. Any thread.
     */
    public static RingReport expectedRing(CaptureConfig config) {
        LinkLimits link = InterfaceQuery.limits(config.origin().label());
        return new RingReport(
                config,
                RingArithmetic.requested(
                        config.mode(), config.bufferBytes(), config.on(link).snaplenBytes(), link),
                link);
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        if (toDiscard > 0) {
            return Math.min(0, discard());
        }
        int count = reader.read(sink, limit);
        if (count == FAILED) {
            failure = "capture " + config.name() + " on " + opened.interfaceName() + " ended: " + reader.failure()
                    + "; start ringtap again";
        }
        return count;
    }

    /** Frames accepted before the filter was there come first out of the ring, and go nowhere; how many have gone now. */
    private int discard() {
        int count = reader.read(DISCARD, (int) Math.min(toDiscard, 4_096));
        toDiscard -= Math.max(0, count);
        return count;
    }

    @Override
    public void await(Duration maximum) {
        awaitFrames(maximum);
    }

    @Override
    public boolean awaitFrames(Duration maximum) {
        if (reader instanceof BlockReader blocks && coalescing.take(blocks.blocksRead())) {
            return true;
        }
        if (spinNanos > 0 && reader.spin(spinNanos)) {
            return true;
        }
        if (Libpcap.poll(pollfd, (int) maximum.toMillis()) <= 0 || (pollfd.get(JAVA_SHORT, 6) & ~POLLIN) == 0) {
            return true;
        }
        if (!reader.readsByLibpcap()) {
            opened.socket().takeError(); // or poll would report it for ever
        }
        return false;
    }

    /** {@inheritDoc} Any thread. */
    @Override
    public void markGone() {
        gone = true;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public int interfaceIndex() {
        return interfaceIndex;
    }

    @Override
    public SourceCounts counts() {
        return counts.now();
    }

    @Override
    public synchronized OptionalDouble ringFill() {
        return closed ? OptionalDouble.empty() : reader.ringFill();
    }

    @Override
    public synchronized void filter(String expression) throws OpenException {
        if (!closed) {
            opened.refilter(config.withFilter(expression));
        }
    }

    @Override
    public void quiesce() {
        opened.socket().rejectAll();
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            counts.freeze();
            reader.close();
            opened.close();
            arena.close();
        }
    }
}
