package io.ringtap.inject;

import java.util.function.Function;
import java.util.function.LongSupplier;

/** Says when a stream's next frame falls due. Times are {@link System#nanoTime}'s. */
sealed interface Trigger permits Pacer, FrameCountTrigger, ContinuousTrigger, RecordedTrigger, ReplayTrigger {
    /** That of a stream; begins with {@link #restart}. */
    static Trigger of(InjectConfig config, OpenedFrames frames, Function<String, LongSupplier> publishedOf) {
        return switch (config.schedule()) {
            case Schedule.Every every -> frames.paced(Pacer.every(every.interval(), config.burst()));
            case SendRate rate -> frames.paced(Pacer.rate(rate, config.burst(), config.ramp(), 0, frames.lengthOf()));
            case Schedule.EveryFrames every ->
                new FrameCountTrigger(every.frames(), publishedOf.apply(every.captureName()));
            case Schedule.TopSpeed _ -> frames.paced(new ContinuousTrigger());
            case Schedule.Original original ->
                frames.paced(new RecordedTrigger(frames.replay().orElseThrow(), original.speed()));
        };
    }

    /** Whether it has deadlines, of which all that have passed are owed. */
    default boolean hasDeadlines() {
        return true;
    }

    /** Whether a frame is due that has not been passed to {@link #advance}. */
    boolean isDue(long nowNanos);

    /** Goes on to the next frame; for the inject thread only. */
    void advance();

    /** Begins anew: what fell due before is left out; for the inject thread only. */
    void restart(long nowNanos);

    /** How long until it has to be asked again. */
    long waitNanos(long nowNanos);
}
