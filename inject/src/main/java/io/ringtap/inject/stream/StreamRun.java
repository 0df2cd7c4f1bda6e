package io.ringtap.inject.stream;

import io.ringtap.inject.config.AskedRate;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.pace.ContinuousTrigger;
import io.ringtap.inject.pace.FrameCountTrigger;
import io.ringtap.inject.pace.PaceMeter;
import io.ringtap.inject.pace.RateTrigger;
import io.ringtap.inject.pace.ReplayTrigger;
import io.ringtap.inject.pace.Trigger;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.PaceReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * A stream from a start to its end: which of its frames fall due, and when that is over. Begun anew at each start. For the
 * inject thread, but for {@link #isDueByCount}.
 */
final class StreamRun {
    /** What fell due before the end is sent so much later, at most. */
    static final Duration GRACE = Duration.ofMillis(100);

    /** What a stream that the interface's limit has held back makes up for later. */
    static final Duration MOST_LAG = Duration.ofSeconds(1);

    private final InjectConfig config;
    private final LongToIntFunction lengthOf;
    private final PaceMeter meter;
    private final long count;
    private final Counter taken = new Counter();

    /** What {@link #taken} was at the last start. */
    private long takenBefore;

    /** Replaced only where it keeps time; other threads look at one that counts frames. */
    private Trigger trigger;

    /** What is asked for, if it is a rate: that of the configuration, or what it was given since. */
    private Optional<SendRate> rate;

    private volatile boolean delayed;
    private boolean begunBefore;
    private long beginNanos;
    private long endNanos;

    /**
     * A run that has not begun.
     *
     * @param lengthOf gives, for the number of a frame in the stream, its bytes
     * @param meter notes the pace
     */
    StreamRun(InjectConfig config, Trigger trigger, LongToIntFunction lengthOf, PaceMeter meter) {
        this.config = config;
        this.trigger = trigger;
        this.lengthOf = lengthOf;
        this.meter = meter;
        this.rate = config.schedule() instanceof SendRate given ? Optional.of(given) : Optional.empty();
        this.count = config.mostFrames() == 0 ? Long.MAX_VALUE : config.mostFrames();
    }

    /** Begins anew; what fell due before is left out. */
    void begin(long nowNanos) {
        takenBefore = taken.value();
        beginNanos = nowNanos + config.delay().toNanos();
        endNanos = beginNanos + config.duration().orElse(Duration.ZERO).toNanos();
        delayed = true;
        look(nowNanos);
    }

    /** Ends the delay, if it is time. */
    void look(long nowNanos) {
        if (delayed && nowNanos - beginNanos >= 0) {
            if (!countsFromTheFirstFrame()) {
                trigger.restart(beginNanos);
            }
            meter.begin(rate, beginNanos);
            begunBefore = true;
            delayed = false;
        }
    }

    /** A stream that runs from the beginning owes a frame for what a capture has published before it was there, too. */
    private boolean countsFromTheFirstFrame() {
        return followsCapture()
                && !begunBefore
                && config.start() == Start.AUTO
                && config.delay().isZero();
    }

    /** Gives it another rate, from now on. */
    void pace(AskedRate given, long nowNanos) {
        Trigger pace;
        switch (given) {
            case SendRate limited -> {
                rate = Optional.of(limited);
                pace = RateTrigger.rate(limited, config.burst(), Optional.empty(), taken.value(), lengthOf);
            }
            case Schedule.TopSpeed _ -> {
                rate = Optional.empty();
                pace = new ContinuousTrigger();
            }
        }
        if (trigger instanceof ReplayTrigger replay) {
            replay.pace(pace, nowNanos);
        } else {
            trigger = pace;
            trigger.restart(nowNanos);
        }
        meter.begin(rate, nowNanos);
    }

    /** Returns whether its next frame is still to be read from its file. */
    boolean awaitsFrames() {
        return trigger instanceof ReplayTrigger replay && !delayed && replay.awaitsFrames();
    }

    /** Returns whether a frame is due that was not taken. */
    boolean isDue(long nowNanos) {
        return !delayed && trigger.isDue(untilEnd(nowNanos));
    }

    private long untilEnd(long nowNanos) {
        return config.duration().isPresent() && nowNanos - endNanos > 0 ? endNanos : nowNanos;
    }

    /** Returns whether a frame is due by what a capture has published; any thread. */
    boolean isDueByCount() {
        return followsCapture() && !delayed && trigger.isDue(0);
    }

    /** Returns whether a capture's progress decides what is due. */
    boolean followsCapture() {
        return trigger instanceof FrameCountTrigger;
    }

    /** Returns whether frames are due at any time, however many went: none falls due at a time of its own. */
    boolean isAlwaysDue() {
        return trigger.isAlwaysDue();
    }

    /** What was taken at top speed has gone by now. */
    void gone(long nowNanos) {
        if (trigger.isAlwaysDue()) {
            meter.gone(nowNanos);
        }
    }

    /** Returns how many frames are due, at most so many are looked for. */
    int due(int most, long nowNanos) {
        return isDue(nowNanos) ? trigger.due((int) Math.min(most, left()), untilEnd(nowNanos)) : 0;
    }

    /** Takes what is due to be sent now, at most so many frames; gives how many. */
    int take(int most, long nowNanos) {
        return take(most, nowNanos, true);
    }

    /** Takes what is due and cannot be sent, at most so many frames; gives how many. */
    int skip(int most, long nowNanos) {
        return take(most, nowNanos, false);
    }

    private int take(int most, long nowNanos, boolean sends) {
        int limit = (int) Math.min(most, left());
        boolean timed = trigger.hasDeadlines();
        long deadline = 0;
        int due = 0;
        while (due < limit && isDue(nowNanos)) {
            if (timed) {
                deadline = trigger.deadlineNanos();
                if (sends) {
                    meter.late(nowNanos - deadline);
                }
            }
            trigger.advance();
            due++;
        }
        if (due > 0) {
            meter.went(due, nowNanos, timed ? deadline - trigger.startNanos() : 0, trigger.passed());
        }
        taken.add(due);
        return due;
    }

    /** Has a stream that the interface's limit holds back not make up for all of it later. */
    void limitLag(long nowNanos) {
        trigger.postpone(nowNanos - MOST_LAG.toNanos());
    }

    /** Returns how long a frame of the stream is, by its number. */
    LongToIntFunction lengthOf() {
        return lengthOf;
    }

    /** Returns how it keeps its pace; any thread. */
    Optional<PaceReport> pace() {
        return meter.report();
    }

    /** Frames taken in all runs; any thread. */
    long taken() {
        return taken.value();
    }

    private long left() {
        return count - (taken.value() - takenBefore);
    }

    /** Returns how many a capture has made due and were not taken. */
    long dueByCount() {
        return trigger instanceof FrameCountTrigger counting ? Math.min(counting.due(), left()) : 0;
    }

    /** Returns whether it has come to its count, or its time is up. */
    boolean isOver(long nowNanos) {
        return left() == 0 || (config.duration().isPresent() && isPast(nowNanos));
    }

    private boolean isPast(long nowNanos) {
        long pastNanos = nowNanos - endNanos;
        boolean isOwed = trigger.hasDeadlines() && isDue(endNanos) && pastNanos <= GRACE.toNanos();
        return pastNanos >= 0 && !isOwed;
    }

    /** Returns how long until it has to be asked again. */
    long waitNanos(long nowNanos) {
        return Math.min(delayed ? beginNanos - nowNanos : trigger.waitNanos(nowNanos), endWaitNanos(nowNanos));
    }

    /** Returns how long until it is over, whatever is due; {@link Long#MAX_VALUE} if time does not end it. */
    long endWaitNanos(long nowNanos) {
        if (config.duration().isEmpty()) {
            return Long.MAX_VALUE;
        }
        long left = endNanos - nowNanos;
        return left > 0 ? left : left + GRACE.toNanos() + 1;
    }
}
