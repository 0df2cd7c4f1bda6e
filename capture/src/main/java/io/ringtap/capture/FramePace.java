package io.ringtap.capture;

import java.time.Duration;
import java.util.Optional;

/** The pace at which the frames of a file come. */
public sealed interface FramePace {
    /** As fast as the workers take them. */
    record Max() implements FramePace {}

    /**
     * With the distances in time that the file's timestamps have.
     *
     * @param maxGap the longest pause between two frames, above 0: longer ones are shortened; absent for as they are
     */
    record Original(Optional<Duration> maxGap) implements FramePace {
        /** With pauses as they are. */
        public Original() {
            this(Optional.empty());
        }
    }

    /**
     * At a steady rate.
     *
     * @param framesPerSecond above 0
     */
    record Rate(double framesPerSecond) implements FramePace {}
}
