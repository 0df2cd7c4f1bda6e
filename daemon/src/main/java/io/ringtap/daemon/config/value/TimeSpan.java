package io.ringtap.daemon.config.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times as texts: "10 ms", "1.5 s", "2 h". White space before the unit is optional, letter case counts. */
public final class TimeSpan {
    private static final List<String> NAMED = List.of("h", "min", "s", "ms", "us", "ns");
    private static final Quantity TIME = new Quantity("a time", "10 ms", units());

    /** For options whose name says the unit: a bare number is seconds. */
    private static final Quantity SECONDS = new Quantity("a time", "10 s", withBareSeconds());

    private TimeSpan() {}

    /**
     * A time of 0 or more.
     *
     * @throws IllegalArgumentException if it is none, negative, finer than a nanosecond, or 292 years and more; the
     *     message reads on after the name of the key or option
     */
    public static Duration parse(String text) {
        return parse(text, TIME);
    }

    /** As {@link #parse}, with a bare number taken as seconds: for an option such as {@code --seconds 10}. */
    public static Duration parseSeconds(String text) {
        return parse(text, SECONDS);
    }

    private static Duration parse(String text, Quantity kind) {
        BigDecimal nanos = kind.parse(text);
        if (nanos.stripTrailingZeros().scale() > 0) {
            throw kind.refusal(text, ": it is no whole number of nanoseconds");
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw kind.refusal(text, ": it is too long");
        }
        return Duration.ofNanos(nanos.longValueExact());
    }

    /** The time, exactly, in the largest unit that needs no decimals and, but for seconds, gives more than 1. */
    public static String text(Duration time) {
        long nanos = time.toNanos();
        if (nanos == 0) {
            return "0 s";
        }
        Map<String, BigDecimal> units = units();
        return NAMED.stream()
                .filter(unit -> {
                    long worth = units.get(unit).longValueExact();
                    return nanos % worth == 0 && (nanos > worth || unit.equals("s") || nanos < 1_000_000_000);
                })
                .findFirst()
                .map(unit -> nanos / units.get(unit).longValueExact() + " " + unit)
                .orElseThrow();
    }

    /** Returns what every time matches: a regular expression of ECMA 262. */
    public static String pattern() {
        return TIME.pattern();
    }

    private static Map<String, BigDecimal> units() {
        Map<String, BigDecimal> units = new LinkedHashMap<>();
        units.put("ns", BigDecimal.ONE);
        units.put("us", BigDecimal.valueOf(1_000));
        units.put("µs", BigDecimal.valueOf(1_000)); // the micro sign of keyboards
        units.put("μs", BigDecimal.valueOf(1_000)); // the Greek letter, which Unicode prefers
        units.put("ms", BigDecimal.valueOf(1_000_000));
        units.put("s", BigDecimal.valueOf(1_000_000_000));
        units.put("min", BigDecimal.valueOf(60_000_000_000L));
        units.put("h", BigDecimal.valueOf(3_600_000_000_000L));
        return units;
    }

    private static Map<String, BigDecimal> withBareSeconds() {
        Map<String, BigDecimal> units = units();
        units.put("", BigDecimal.valueOf(1_000_000_000));
        return units;
    }
}
