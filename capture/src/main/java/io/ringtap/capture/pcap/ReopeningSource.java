package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kernel ring on an interface that may go, and come back under the same name: then what the old ring holds is read to its
 * end, and a new one is read from there on. The counts are those of all rings together.
 */
public final class ReopeningSource implements CaptureSource {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    private static final long LEAVE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A frame that another processor was about to deliver is in the ring by then. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A block that is not full comes when its timeout is over; beyond that, for a machine that is busy. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Owner owner;
    private final long leaveNanos;
    private final LongSupplier nanoTime;

    private volatile Ring current; // null: none; changed under the lock, by the capture thread
    private Ring next; // null: none; under the lock
    private SourceCounts past = SourceCounts.NONE; // of rings that are closed; under the lock
    private boolean closed;
    private volatile String failure = "";

    // the capture thread's own
    private long taken;
    private boolean leaving;
    private long leftAtNanos;

    /** One kernel ring, on an interface that may have gone. */
    interface Ring extends CaptureSource {
        /** The interface it was opened on, by its number, which another one of the same name does not have. */
        int interfaceIndex();

        /** Its interface is gone: what the ring holds can still be read. */
        void markGone();

        /** Returns whether it has, and this ring gets no further frame. */
        boolean isGone();

        /** As {@link #await}; false if the socket has an error: its interface went down, or is gone. */
        boolean awaitFrames(Duration maximum);
    }

    /** The owner of all sources of a capture, which opens their rings. */
    interface Owner {
        /** From now on rings accept frames as soon as they are there. */
        void accept();

        /** Has a source's ring, and all later ones, accept what another filter lets pass. */
        void filter(ReopeningSource source, String expression) throws OpenException;

        /** Returns whether the interface of a ring, which has failed, is gone. */
        boolean isGone(Ring ring);

        /** A socket has told of an error. */
        void wake();

        /** Returns whether no frame can come now. */
        boolean isWaiting();

        /** Returns when none could. */
        GapCounts gaps();

        /** Returns what is counted on the interface before its rings. */
        InterfaceCounts interfaceCounts();

        /** Frames seen going out while none came in. */
        long outgoing();

        /** Opens no further ring. */
        void end();

        /** Ends, and waits until it has; idempotent. */
        void close();
    }

    ReopeningSource(Owner owner, CaptureConfig config) {
        this(owner, config, System::nanoTime);
    }

    /** As above, with a clock of its own. */
    ReopeningSource(Owner owner, CaptureConfig config, LongSupplier nanoTime) {
        this.owner = owner;
        this.nanoTime = nanoTime;
        leaveNanos = config.timeout().toNanos() + PATIENCE_NANOS;
    }

    /**
     * Opens a kernel ring for each of the configuration's threads, in one fanout group; none accepts a frame yet. If the
     * interface is missing or down, and the configuration says so, they wait for it.
     */
    public static List<ReopeningSource> open(CaptureConfig config) throws OpenException {
        return ReopeningInterface.open(config);
    }

    /** A ring to read when the one that is read now is at its end. */
    synchronized void give(Ring source) {
        next = source;
    }

    /** Returns whether a ring waits to be read. */
    synchronized boolean hasNext() {
        return next != null;
    }

    @Override
    public void accept() throws OpenException {
        takeOver();
        if (current != null) {
            current.accept();
        }
        owner.accept();
    }

    @Override
    public void filter(String expression) throws OpenException {
        owner.filter(this, expression);
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        Ring source = current;
        if (source == null) {
            takeOver();
            return 0;
        }
        long begunNanos = leaving ? nanoTime.getAsLong() : 0;
        int count = source.poll(sink, limit);
        if (count > 0) {
            taken += count;
            return count;
        }
        if (count == REFUSED) {
            return count;
        }
        if (count == FAILED && !owner.isGone(source)) {
            failure = source.failure();
            return count;
        }
        if (source.isGone()) {
            leave(source, begunNanos);
        }
        return 0;
    }

    @Override
    public void await(Duration maximum) {
        Ring source = current;
        if (source == null) {
            pause(maximum.toNanos());
        } else if (leaving) {
            pause(LEAVE_PAUSE_NANOS);
        } else if (!source.awaitFrames(maximum)) {
            owner.wake();
        }
    }

    /** A handler on this thread may have left it interrupted, in which state it could not sleep. */
    private static void pause(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that could be read by a look begun then was: ends with the ring if nothing more is to come. */
    private void leave(Ring source, long begunNanos) {
        if (!leaving) {
            leaving = true;
            source.quiesce();
            leftAtNanos = nanoTime.getAsLong();
            return;
        }
        SourceCounts counts = source.counts();
        long held = counts.received() - counts.dropped() - taken;
        long since = begunNanos - leftAtNanos; // whatever this thread waited for after its look
        if (since > leaveNanos || (held <= 0 && since > SETTLE_NANOS)) {
            end(source, Math.max(0, held));
        }
    }

    /** The ring's end; what it still held is lost. */
    private void end(Ring source, long held) {
        if (held > 0) {
            LOG.warn("{} frames could not be read from the kernel ring of an interface that is gone: lost", held);
        }
        synchronized (this) {
            source.close(); // from here on its counts stay
            SourceCounts counts = source.counts();
            past = past.plus(new SourceCounts(counts.received(), counts.dropped(), held));
            current = null;
        }
        takeOver();
    }

    private synchronized void takeOver() {
        if (current == null && next != null) {
            current = next;
            next = null;
            taken = 0;
            leaving = false;
        }
    }

    @Override
    public synchronized SourceCounts counts() {
        SourceCounts counts = past;
        if (current != null) {
            counts = counts.plus(current.counts());
        }
        return next == null ? counts : counts.plus(next.counts());
    }

    @Override
    public OptionalDouble ringFill() {
        Ring source = current;
        return source == null ? OptionalDouble.empty() : source.ringFill();
    }

    @Override
    public boolean isWaiting() {
        return owner.isWaiting();
    }

    @Override
    public GapCounts gaps() {
        return owner.gaps();
    }

    @Override
    public InterfaceCounts interfaceCounts() {
        return owner.interfaceCounts();
    }

    @Override
    public long outgoing() {
        return owner.outgoing();
    }

    @Override
    public void quiesce() {
        owner.end();
        synchronized (this) {
            if (current != null) {
                current.quiesce();
            }
            if (next != null) {
                next.quiesce();
            }
        }
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        owner.close();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (current != null) {
                current.close();
            }
            if (next != null) {
                next.close();
            }
        }
    }
}
