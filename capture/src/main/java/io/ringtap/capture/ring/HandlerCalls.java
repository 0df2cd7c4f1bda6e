package io.ringtap.capture.ring;

import io.ringtap.capture.FrameFilter;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSieve;
import io.ringtap.ledger.Counter;
import org.HdrHistogram.Histogram;

/**
 * The calls of one handler instance: which frames it gets, what it throws, how long it takes. One call in {@value
 * #CALLS_A_SAMPLE} is timed, at random, so that nothing periodic hides from it; the first is. Counts are for any thread,
 * the rest for the thread that calls.
 */
final class HandlerCalls {
    /** Two looks at the clock and an entry in a histogram take some 100 ns: under 1 ns a frame. */
    private static final int CALLS_A_SAMPLE = 128;

    /** Most handlers do nothing at the end of a batch, which in low-latency mode is a frame. */
    private static final int QUICK_BATCH_ENDS_A_SAMPLE = 16;

    private static final long QUICK_NANOS = 1_000;

    private final HandlerInstance instance;
    private final FrameHandler handler;

    /** The handler, if it chooses what goes on into the ring; else null. */
    private final FrameSieve sieve;

    private final FrameFilter filter;
    private final HandlerFaults faults;
    private final Counter passed = new Counter();
    private final BusyMeter busy;
    private final CallTimes times;

    /** Called behind it for a frame; null for the last. In place of an array: some fewer instructions a frame. */
    private HandlerCalls next;

    private int untilSample = 1;
    private int sampleOf = 1;
    private int untilBatchSample = 1;
    private int batchSampleOf = 1;
    private int random;
    private long lastNanos;

    HandlerCalls(HandlerInstance instance, FrameFilter filter) {
        this.instance = instance;
        handler = instance.handler();
        sieve = handler instanceof FrameSieve chooses ? chooses : null;
        this.filter = filter;
        faults = new HandlerFaults(instance.workerName());
        long now = System.nanoTime();
        busy = new BusyMeter(now);
        times = new CallTimes(now);
        random = (int) now | 1;
    }

    void precede(HandlerCalls handler) {
        next = handler;
    }

    HandlerCalls next() {
        return next;
    }

    /** Null, or what it threw. */
    @SuppressWarnings("CatchAndPrintStackTrace") // a handler may throw anything; the caller reports it
    Throwable start() {
        try {
            handler.onStart(instance);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    /** Hands it a frame, unless its filter has none of it; false if it threw. */
    boolean handle(MemoryFrame frame) {
        if (filter != null) {
            if (!filter.matches(frame.address(), frame.length(), frame.originalLength())) {
                return true;
            }
            passed.add(1);
        }
        try {
            if (--untilSample == 0) {
                handleTimed(frame);
            } else {
                call(frame);
            }
            return true;
        } catch (Throwable e) {
            faults.count(instance.type(), "onFrame", e);
            return false;
        }
    }

    private void call(MemoryFrame frame) throws Exception {
        if (sieve == null) {
            handler.onFrame(frame);
        } else if (!sieve.passes(frame)) {
            frame.sieve();
        }
    }

    private void handleTimed(MemoryFrame frame) throws Exception {
        long before = System.nanoTime();
        try {
            call(frame);
        } finally {
            long after = System.nanoTime();
            lastNanos = after - before;
            times.record(lastNanos, after);
            busy.add(lastNanos * sampleOf);
            sampleOf = 1 + (nextRandom() >>> 1) % (2 * CALLS_A_SAMPLE - 1);
            untilSample = sampleOf;
        }
    }

    /** George Marsaglia 2003, "Xorshift RNGs". */
    private int nextRandom() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return random;
    }

    void endBatch() {
        if (--untilBatchSample > 0) {
            endBatchUntimed();
            return;
        }
        long before = System.nanoTime();
        endBatchUntimed();
        long nanos = System.nanoTime() - before;
        busy.add(nanos * batchSampleOf);
        batchSampleOf = nanos < QUICK_NANOS ? QUICK_BATCH_ENDS_A_SAMPLE : 1;
        untilBatchSample = batchSampleOf;
    }

    private void endBatchUntimed() {
        try {
            handler.onBatchEnd();
        } catch (Throwable e) {
            faults.count(instance.type(), "onBatchEnd", e);
        }
    }

    /** Gives it a tick; the time after that. */
    long tick(long nanoTime) {
        try {
            handler.onIdle();
        } catch (Throwable e) {
            faults.count(instance.type(), "onIdle", e);
        }
        long after = System.nanoTime();
        busy.add(after - nanoTime);
        busy.turn(after);
        return after;
    }

    void stop() {
        try {
            handler.onStop();
        } catch (Throwable e) {
            faults.count(instance.type(), "onStop", e);
        }
        instance.lines().end();
        faults.logTotals();
    }

    String type() {
        return instance.type();
    }

    /** Returns what the last timed call took, nanoseconds. */
    long lastNanos() {
        return lastNanos;
    }

    /** Frames that its filter let pass; counted only if it has one. */
    long passed() {
        return passed.value();
    }

    /** The share of the time that it was busy of late, estimated from the timed calls. */
    double busyShare(long nanoTime) {
        return busy.share(nanoTime);
    }

    /** Adds how long the timed calls took, nanoseconds. */
    void addTimesTo(Histogram sum) {
        times.addTo(sum);
    }
}
