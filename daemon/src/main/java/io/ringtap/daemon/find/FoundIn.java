package io.ringtap.daemon.find;

import java.nio.file.Path;

/**
 * What was found in a file.
 *
 * @param bytes captured, of the frames
 * @param firstNanos the earliest frame's time, nanoseconds since 1970
 * @param lastNanos the latest frame's time
 */
public record FoundIn(Path path, long frames, long bytes, long firstNanos, long lastNanos) {}
