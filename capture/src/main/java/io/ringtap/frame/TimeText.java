package io.ringtap.frame;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Instants as text, in UTC, always with nine digits of the second's fraction, so that they can be compared and sorted as text:
 * {@code 2026-11-20T10:11:12.500000000Z}. {@link Instant#toString} writes as few as the fraction takes. Any thread.
 */
public final class TimeText {
    private static final int FRACTION_DIGITS = 9;

    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(FRACTION_DIGITS).toFormatter();

    private TimeText() {}

    /** Returns an instant's text. */
    public static String of(Instant instant) {
        return FORMAT.format(instant);
    }

    /** Returns the text of an instant in nanoseconds since 1970. */
    public static String ofEpochNanos(long epochNanos) {
        return of(Instant.ofEpochSecond(0, epochNanos));
    }
}
