package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.pace.StreamTime;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.ConfiguredStream;
import io.ringtap.inject.stream.FailureLog;
import io.ringtap.inject.stream.Link;
import io.ringtap.inject.stream.StreamOutput;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.ledger.InjectCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream run in a time of its own, which goes from deadline to deadline: each frame leaves at the very moment it falls due, and
 * all of them as soon as they are made.
 */
public final class DryRun {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(1).toNanos();

    private final long startEpochNanos;
    private long nowNanos;

    private DryRun(Instant from) {
        startEpochNanos = from.getEpochSecond() * 1_000_000_000 + from.getNano();
    }

    /**
     * The outcome of a stream.
     *
     * @param status its state and counts
     * @param took how long it ran, in its own time
     */
    public record Outcome(StreamStatus status, Duration took) {}

    /** Opens what takes the frames in place of an interface. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens it.
         *
         * @param epochNanos the time in nanoseconds since 1970, as the stream has it
         */
        FrameInjector open(LongSupplier epochNanos) throws OpenException;
    }

    /** Returns whether a stream comes to an end by itself, in a time of its own. */
    public static boolean ends(InjectConfig config) {
        return config.mostFrames() > 0
                || (config.duration().isPresent() && !(config.schedule() instanceof Schedule.TopSpeed));
    }

    /**
     * Runs a stream to its end, which it must have, on the caller's thread. It ends early with the
     * frames that are taken at once with one that is not, unless that one is too short for any interface.
     *
     * @param from when it starts
     * @param mayGoOn looked at for each frame
     * @throws OpenException if its frames cannot be had, or are longer than the MTU allows
     */
    public static Outcome run(InjectConfig config, Instant from, Opener opener, BooleanSupplier mayGoOn)
            throws OpenException {
        DryRun run = new DryRun(from);
        try (FrameInjector injector = opener.open(run::epochNanos)) {
            FailureLog log = new FailureLog(config.name(), config.interfaceName(), LOG::warn, System::nanoTime);
            StreamOutput output = new StreamOutput(config.name(), injector, new Link(injector, 0), log, () -> true);
            StreamTime time = new StreamTime(() -> run.nowNanos, run::epochNanos);
            ConfiguredStream stream = ConfiguredStream.of(
                    config,
                    injector,
                    output,
                    _ -> () -> 0,
                    LoopedFrames.Opener.NONE,
                    SendBudget.unlimited(),
                    time,
                    run.nowNanos);
            try {
                run.toTheEnd(stream, () -> mayGoOn.getAsBoolean() && !isRefused(output.counts(Optional.empty())));
                return new Outcome(stream.status(), Duration.ofNanos(run.nowNanos));
            } finally {
                stream.close();
            }
        }
    }

    /** Returns whether frames were not taken which an interface would have taken. */
    private static boolean isRefused(InjectCounts counts) {
        return counts.failed() > counts.failures().getOrDefault(InjectResult.TOO_SHORT.cause(), 0L);
    }

    private long epochNanos() {
        return startEpochNanos + nowNanos;
    }

    private void toTheEnd(ConfiguredStream stream, BooleanSupplier mayGoOn) {
        while (stream.isRunning() && mayGoOn.getAsBoolean()) {
            if (stream.awaitsFrames()) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            } else {
                nowNanos += Math.max(0, stream.waitNanos(nowNanos));
            }
            stream.turn(1, nowNanos, mayGoOn);
        }
    }
}
