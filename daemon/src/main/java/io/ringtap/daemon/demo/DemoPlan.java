package io.ringtap.daemon.demo;

import java.time.Duration;
import java.util.Locale;

/**
 * The plan of a demonstration.
 *
 * @param framesPerSecond the source's rate
 * @param duration how long it sends
 * @param threads worker threads that check the frames
 * @param detached whether three detached workers that do not keep up are to run beside them
 * @param workerSleep how long a worker sleeps on each frame: 0, or a receiver broken on purpose
 */
public record DemoPlan(double framesPerSecond, Duration duration, int threads, boolean detached, Duration workerSleep) {
    long frames() {
        return Math.max(1, Math.round(framesPerSecond * duration.toNanos() / 1e9));
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%,d frames of %d bytes at %,.0f/s for %.0f s",
                frames(),
                DemoFrame.LENGTH,
                framesPerSecond,
                duration.toNanos() / 1e9);
    }

    /** Two threads have still to sleep on what the ring holds. */
    Duration stopTimeout() {
        return Duration.ofSeconds(5)
                .plus(
                        workerSleep.multipliedBy(50_000).compareTo(Duration.ofSeconds(60)) > 0
                                ? Duration.ofSeconds(60)
                                : workerSleep.multipliedBy(50_000));
    }
}
