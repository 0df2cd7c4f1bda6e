package io.ringtap.handler.latency;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import org.HdrHistogram.Histogram;

/**
 * Measures how long frames take from the kernel's time stamp to this handler. {@code stats} shows the percentiles of all
 * threads together, in microseconds, as they were at most a tenth of a second ago, and those of the last whole second; the log, in nanoseconds, when it stops.
 * Key {@code skip}: so many frames of each thread go by before it measures.
 *
 * <p>Where the clock was set while a frame waited its latency is below 0, or absurd: such frames are counted apart, and so
 * are those of a capture file, whose times are those of its recording.
 */
public final class LatencyHandler implements FrameHandler {
    /** Longer than any kernel ring holds a frame. */
    static final long HIGHEST_NANOS = 60_000_000_000L;

    private static final String MEASURED = "kernel to handler";
    /** The row of the percentiles of the last whole second. */
    public static final String LATELY = "in the last second";

    /** The thread may lose the processor between two reads: the quickest of so many counts. */
    private static final int CLOCK_READS = 5;

    private final long skip;
    private long skipped;
    private long epochMinusNanoTime;
    private boolean live;
    private HandlerContext context;
    private Counter notLive;

    /** What is counted: nothing that is shown, while frames go by. By the same code, so that this is compiled by then. */
    private Measured measured;

    private Measured shown;

    /** Reads its key. */
    public LatencyHandler(HandlerSettings settings) {
        skip = settings.number("skip", 0, 0, Long.MAX_VALUE);
    }

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
        live = context.live();
        if (!live) {
            notLive = context.counter("not live: the times of a capture file are old", "frames");
            return;
        }
        shown = new Measured(
                context.counter(MEASURED, "frames"),
                context.counter("below 0: the clock was set back", "frames"),
                context.counter("above 60 s: the clock was set forward", "frames"),
                context.shared(() -> new Latencies(
                        column -> context.gauge(MEASURED, column),
                        column -> context.gauge(LATELY, column),
                        context.nanoTime())));
        measured = skip == 0
                ? shown
                : new Measured(
                        new Counter(),
                        new Counter(),
                        new Counter(),
                        new Latencies(_ -> new Gauge(), _ -> new Gauge(), context.nanoTime()));
        readClock();
    }

    /**
     * The kernel's stamps are wall-clock time. Only when that is set does it move against the monotonic clock, which is
     * read for each frame, as it makes no garbage.
     */
    private void readClock() {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < CLOCK_READS; i++) {
            long before = context.nanoTime();
            long epoch = context.epochNanos();
            long took = context.nanoTime() - before;
            if (took < shortest) {
                shortest = took;
                epochMinusNanoTime = epoch - (before + took / 2);
            }
        }
    }

    @Override
    public void onFrame(Frame frame) {
        if (!live) {
            notLive.add(1);
            return;
        }
        measured.take(context.nanoTime() + epochMinusNanoTime - frame.timestampNanos());
        if (skipped < skip && ++skipped == skip) {
            measured = shown;
        }
    }

    @Override
    public void onIdle() {
        if (live) {
            readClock();
            measured.add(context.nanoTime());
        }
    }

    @Override
    public void onStop() {
        if (live) {
            measured.add(context.nanoTime());
            shown.all.log(context);
        }
    }

    /** One thread's counts, which it adds to all threads' latencies now and then. */
    private record Measured(Histogram since, Counter frames, Counter negative, Counter tooLong, Latencies all) {
        Measured(Counter frames, Counter negative, Counter tooLong, Latencies all) {
            this(new Histogram(HIGHEST_NANOS, Latencies.DIGITS), frames, negative, tooLong, all);
        }

        void take(long nanos) {
            if (nanos < 0) {
                negative.add(1);
            } else if (nanos > HIGHEST_NANOS) {
                tooLong.add(1);
            } else {
                frames.add(1);
                since.recordValue(nanos);
            }
        }

        void add(long nanoTime) {
            all.add(since, nanoTime);
        }
    }
}
