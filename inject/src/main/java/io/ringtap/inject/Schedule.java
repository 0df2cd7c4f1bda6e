package io.ringtap.inject;

import java.time.Duration;

/** When the frames of a stream fall due. */
public sealed interface Schedule {
    /**
     * One frame an interval, the first one interval after the start.
     *
     * @param interval above 0
     */
    record Every(Duration interval) implements Schedule {}

    /**
     * One frame each time a capture has published so many more.
     *
     * @param frames above 0
     * @param captureName the capture that is counted
     */
    record EveryFrames(long frames, String captureName) implements Schedule {}

    /**
     * A steady rate.
     *
     * @param framesPerSecond above 0
     */
    record Rate(double framesPerSecond) implements Schedule {}
}
