package io.ringtap.capture;

/** How fast the frames of a file come. */
public sealed interface FramePace {
    /** As fast as the workers take them. */
    record Max() implements FramePace {}

    /** With the distances in time that the file's timestamps have. */
    record Original() implements FramePace {}

    /**
     * At a steady rate.
     *
     * @param framesPerSecond above 0
     */
    record Rate(double framesPerSecond) implements FramePace {}
}
