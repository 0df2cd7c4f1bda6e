package io.ringtap.bench;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Measures how long frames take from the kernel's time stamp to a handler, and prints percentiles, in nanoseconds, as
 * pcaplatency does. Key {@code skip}: that many frames go by before it measures. For a worker of one thread.
 */
public final class LatencyHandler implements FrameHandler {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Longer than any kernel ring holds a frame. */
    private static final long HIGHEST_NANOS = 60 * NANOS_PER_SECOND;

    private static final int DIGITS = 3;

    private final Histogram latencies = new Histogram(HIGHEST_NANOS, DIGITS);
    private final Clock clock = Clock.systemUTC(); // the kernel's stamps are wall-clock time
    private final long skip;
    private long seen;

    /** Reads its key. */
    public LatencyHandler(HandlerSettings settings) {
        skip = settings.number("skip", 0, 0, Long.MAX_VALUE);
    }

    @Override
    public void onFrame(Frame frame) {
        if (seen++ < skip) {
            return;
        }
        Instant now = clock.instant();
        long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano() - frame.timestampNanos();
        latencies.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    @Override
    public void onStop() {
        System.out.println(String.format(
                Locale.ROOT,
                "latency frames=%d p50_ns=%d p99_ns=%d p99.9_ns=%d max_ns=%d",
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9),
                latencies.getMaxValue()));
    }
}
