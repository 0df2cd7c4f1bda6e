package io.ringtap.inject.pace;

import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * Notes when a stream's frames go and when they should. Makes no garbage but at a start. The inject thread writes; any
 * reads, and may see a frame's time a moment before its number.
 */
public final class PaceMeter {
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 2;
    private static final double NANOS = 1e9;

    private final LongSupplier sent;
    private final AtomicLong sentBefore = new AtomicLong();
    private final AtomicLong beginNanos = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong dueNanos = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong amount = new AtomicLong();
    private volatile Optional<SendRate> rate = Optional.empty();
    private volatile AtomicHistogram late = new AtomicHistogram(LONGEST_NANOS, DIGITS);

    /** Of a stream that has sent so many frames, in all. */
    public PaceMeter(LongSupplier sent) {
        this.sent = sent;
    }

    /** Begins anew; {@code asked} is absent for a stream that has no rate. */
    public void begin(Optional<SendRate> asked, long nowNanos) {
        frames.setRelease(0);
        rate = asked;
        late = new AtomicHistogram(LONGEST_NANOS, DIGITS);
        sentBefore.setRelease(sent.getAsLong());
        beginNanos.setRelease(nowNanos);
    }

    /** A frame goes so long after its deadline. */
    public void late(long nanos) {
        late.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    /**
     * Frames go, or fail.
     *
     * @param count how many
     * @param nowNanos now
     * @param dueFor the time from the beginning to the deadline of the last of them; 0 if they have none
     * @param amountSoFar frames or bits of all frames so far
     */
    public void went(int count, long nowNanos, long dueFor, long amountSoFar) {
        lastNanos.setRelease(nowNanos);
        dueNanos.setRelease(dueFor);
        amount.setRelease(amountSoFar);
        frames.setRelease(frames.getPlain() + count);
    }

    /** The frames that went last, which nothing but the engine held back, have gone. */
    public void gone(long nowNanos) {
        lastNanos.setRelease(nowNanos);
    }

    /** Returns what it has noted; absent before the first frame. */
    public Optional<PaceReport> report() {
        long taken = frames.getAcquire();
        double seconds = (lastNanos.getAcquire() - beginNanos.getAcquire()) / NANOS;
        double dueSeconds = dueNanos.getAcquire() / NANOS;
        double amounts = (double) amount.getAcquire();
        long sentHere = Math.min(taken, sent.getAsLong() - sentBefore.getAcquire());
        if (taken == 0 || seconds <= 0) {
            return Optional.empty();
        }
        // Frames that failed are taken to be as long as the others.
        Throughput achieved = throughput(sentHere, (double) sentHere / taken * amounts, seconds);
        return Optional.of(
                dueSeconds <= 0
                        ? new PaceReport(Optional.empty(), achieved, Optional.empty())
                        : new PaceReport(Optional.of(throughput(taken, amounts, dueSeconds)), achieved, deviation()));
    }

    private Throughput throughput(long count, double amounts, double seconds) {
        boolean inBits = rate.filter(Schedule.BitRate.class::isInstance).isPresent();
        return new Throughput(count / seconds, inBits ? OptionalDouble.of(amounts / seconds) : OptionalDouble.empty());
    }

    private Optional<Deviation> deviation() {
        Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
        all.add(late);
        return all.getTotalCount() == 0
                ? Optional.empty()
                : Optional.of(new Deviation(
                        all.getValueAtPercentile(50),
                        all.getValueAtPercentile(99),
                        all.getValueAtPercentile(99.9),
                        all.getMaxValue()));
    }
}
