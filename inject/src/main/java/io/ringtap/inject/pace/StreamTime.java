package io.ringtap.inject.pace;

import java.util.function.LongSupplier;

/**
 * The time that a stream has.
 *
 * @param nanos as {@link System#nanoTime}
 * @param epochNanos in nanoseconds since 1970, for frames that tell it
 */
public record StreamTime(LongSupplier nanos, LongSupplier epochNanos) {}
