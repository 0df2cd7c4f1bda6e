package io.ringtap.daemon.cli.option;

import io.ringtap.daemon.config.value.TimeSpan;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as texts, as journalctl(1) takes them: "12:00", "2026-11-30 12:00", "yesterday", "-3h". Local time, where no zone is given. */
public final class TimePoint {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,5}) *d");
    private static final Pattern EPOCH = Pattern.compile("@(\\d{1,10}(?:\\.\\d{1,9})?)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)(Z?)");
    private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?");

    private TimePoint() {}

    /**
     * A point in time, nanoseconds since 1970.
     *
     * @param now what it is told by, and whose zone it is of
     * @throws IllegalArgumentException if it is none, or not of the years 1970 to 2262; the message reads on after the option's name
     */
    public static long parse(String text, ZonedDateTime now) {
        try {
            return nanos(instant(text.strip(), now));
        } catch (DateTimeException | ArithmeticException e) {
            throw refusal(text, e);
        }
    }

    private static Instant instant(String text, ZonedDateTime now) {
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            long nanos = new BigDecimal(epoch.group(1)).movePointRight(9).longValueExact();
            return Instant.ofEpochSecond(0, nanos);
        }
        Matcher dateTime = DATE_TIME.matcher(text);
        if (dateTime.matches()) {
            LocalDateTime local = LocalDate.parse(dateTime.group(1)).atTime(LocalTime.parse(dateTime.group(2)));
            return (dateTime.group(3).isEmpty() ? local.atZone(now.getZone()) : local.atZone(ZoneOffset.UTC))
                    .toInstant();
        }
        if (DATE.matcher(text).matches()) {
            return LocalDate.parse(text).atStartOfDay(now.getZone()).toInstant();
        }
        if (TIME.matcher(text).matches()) {
            return now.with(LocalTime.parse(text)).toInstant();
        }
        return switch (text) {
            case "now" -> now.toInstant();
            case "today" -> now.toLocalDate().atStartOfDay(now.getZone()).toInstant();
            case "yesterday" ->
                now.toLocalDate().minusDays(1).atStartOfDay(now.getZone()).toInstant();
            default -> ago(text, now);
        };
    }

    private static Instant ago(String text, ZonedDateTime now) {
        if (!text.startsWith("-")) {
            throw refusal(text, null);
        }
        String span = text.substring(1).strip();
        Matcher days = DAYS.matcher(span);
        try {
            return now.toInstant()
                    .minus(days.matches() ? Duration.ofDays(Long.parseLong(days.group(1))) : TimeSpan.parse(span));
        } catch (IllegalArgumentException e) {
            throw refusal(text, e);
        }
    }

    private static long nanos(Instant instant) {
        if (instant.getEpochSecond() < 0) {
            throw new ArithmeticException("before 1970");
        }
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    private static IllegalArgumentException refusal(String text, Exception cause) {
        return new IllegalArgumentException(
                "\"" + text
                        + "\" is no time: write \"12:00\", \"2026-11-30 12:00:05\", \"yesterday\", \"-3h\" or \"@1700000000\"",
                cause);
    }
}
