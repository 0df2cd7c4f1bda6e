package io.ringtap.capture.ring;

import io.ringtap.capture.FrameSink;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * The in-place workers of one capture thread, which calls their handlers for each frame where the source has it: nothing is copied
 * or handed over. Behind them comes the ring, for workers that need copies; what a {@link io.ringtap.frame.FrameSieve} leaves out
 * does not get there. Counts are for any thread.
 */
public final class InPlaceSink implements FrameSink {
    /** A frame that takes no longer than this is what such a worker is for: only what is above it holds a capture up. */
    private static final long QUICK_NANOS = 1_000;

    /** A worker, and the one behind it. */
    private static final class Station {
        final Worker worker;
        final HandlerChain handlers;
        final FlowSample sample;
        final boolean all;
        Station next;

        Station(Worker worker, HandlerChain handlers, FlowSample sample) {
            this.worker = worker;
            this.handlers = handlers;
            this.sample = sample;
            all = sample.isAll();
        }

        void handle(MemoryFrame frame) {
            if (all || sample.takes(frame)) {
                handlers.deliver(frame);
            } else {
                handlers.leaveOut();
            }
        }
    }

    private final FrameRing ring;
    private final MemoryFrame frame;
    private final Counter published = new Counter();
    private final Counter sieved = new Counter();
    private final Counter cut = new Counter();
    private final List<Station> stations = new ArrayList<>();
    private Station first;
    private boolean copied;
    private volatile Alarm alarm = new Alarm(Long.MAX_VALUE, () -> {});
    private volatile boolean givenUp;

    /** Frames since the last flush. */
    private int batchFrames;

    private long batchNanoTime;
    private long blockedBefore;
    private volatile boolean inBatch;

    /** What comes before a ring, which must not have workers yet. */
    public InPlaceSink(FrameRing ring, String captureName, TunnelPorts ports) {
        this.ring = ring;
        frame = new MemoryFrame(captureName, ports);
        ring.precede(this);
    }

    /** Adds a worker, whose handlers are called behind those of the workers there are; before the first frame. */
    void add(Worker worker, HandlerChain handlers, FlowSample sample) {
        Station station = new Station(worker, handlers, sample);
        if (stations.isEmpty()) {
            first = station;
        } else {
            stations.getLast().next = station;
        }
        stations.add(station);
    }

    void alarm(Alarm set) {
        alarm = set;
    }

    /** Frames that its workers got, or were told of. */
    long published() {
        return published.value();
    }

    long sieved() {
        return sieved.value();
    }

    long cut() {
        return cut.value();
    }

    /** Returns how far a worker has come. */
    Progress progress(Worker worker, String name) {
        return new Progress(name, worker.delivered() + worker.failed() + worker.duplicate(), inBatch);
    }

    /** No further frame is taken; any thread. */
    void giveUp() {
        givenUp = true;
    }

    @Override
    public Throwable begin() {
        copied = !ring.isUnused();
        for (Station station : stations) {
            Throwable thrown = station.handlers.begin();
            if (thrown != null) {
                return thrown;
            }
        }
        return ring.begin();
    }

    @Override
    public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        if (givenUp) {
            return false;
        }
        if (batchFrames++ == 0) {
            beginBatch();
        }
        published.add(1);
        if (capturedBytes < originalBytes) {
            cut.add(1);
        }
        frame.moveTo(address, capturedBytes, originalBytes, timestampNanos);
        for (Station station = first; station != null; station = station.next) {
            station.handle(frame);
        }
        if (!copied) {
            return true;
        }
        if (frame.sieved()) {
            sieved.add(1);
            return true;
        }
        return ring.onFrame(address, capturedBytes, originalBytes, timestampNanos);
    }

    private void beginBatch() {
        inBatch = true;
        blockedBefore = ring.blockedNanos();
        batchNanoTime = System.nanoTime();
        for (Station station : stations) {
            station.handlers.beginBatch(batchNanoTime);
        }
    }

    @Override
    public void flush() {
        ring.flush();
        if (batchFrames > 0) {
            endBatch();
            alarm.look(published.value());
        }
    }

    private void endBatch() {
        frame.end();
        long now = batchNanoTime;
        for (Station station : stations) {
            now = station.handlers.endBatch();
        }
        long waited = ring.blockedNanos() - blockedBefore;
        long heldUp = now - batchNanoTime - waited - batchFrames * QUICK_NANOS;
        if (heldUp > 0) {
            Worker slowest = slowest();
            slowest.heldUp(heldUp);
            slowest.stalled(heldUp);
        }
        batchFrames = 0;
        inBatch = false;
    }

    /** The worker whose handlers' calls took longest when they were timed last. */
    private Worker slowest() {
        Station slowest = first;
        for (Station station : stations) {
            slowest = station.handlers.lastNanos() > slowest.handlers.lastNanos() ? station : slowest;
        }
        return slowest.worker;
    }

    @Override
    public void tick(long nanoTime) {
        for (Station station : stations) {
            OnCaptureThread.tick(station.handlers, nanoTime);
        }
        ring.tick(nanoTime);
    }

    @Override
    public void end() {
        for (Station station : stations) {
            station.handlers.end();
        }
        ring.end();
    }
}
