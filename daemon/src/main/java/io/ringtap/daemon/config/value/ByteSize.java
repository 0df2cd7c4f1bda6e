package io.ringtap.daemon.config.value;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sizes as texts: "64 MiB", "1.5 GiB", "9 kB". White space before the unit is optional, letter case counts. */
public final class ByteSize {
    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB");
    private static final Quantity SIZE = new Quantity("a size", "64 MiB", units());

    private ByteSize() {}

    /**
     * Bytes.
     *
     * @throws IllegalArgumentException if it is none, negative, not a whole number of bytes, or 2^63 and more; the
     *     message reads on after the name of the key or option
     */
    public static long parse(String text) {
        BigDecimal bytes = SIZE.parse(text);
        if (bytes.stripTrailingZeros().scale() > 0) {
            throw SIZE.refusal(text, ": it is no whole number of bytes");
        }
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw SIZE.refusal(text, ": it is too large");
        }
        return bytes.longValueExact();
    }

    /** The size, exactly, in the largest unit of a power of two that needs no decimals. */
    public static String text(long bytes) {
        int powers = bytes == 0 ? 0 : Math.min(BINARY.size() - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * powers)) + " " + BINARY.get(powers);
    }

    /** Returns what every size matches that is written as a text: a regular expression of ECMA 262. */
    public static String pattern() {
        return SIZE.pattern();
    }

    private static Map<String, BigDecimal> units() {
        Map<String, BigDecimal> units = new LinkedHashMap<>();
        units.put("B", BigDecimal.ONE);
        units.put("KiB", BigDecimal.valueOf(1L << 10));
        units.put("MiB", BigDecimal.valueOf(1L << 20));
        units.put("GiB", BigDecimal.valueOf(1L << 30));
        units.put("kB", BigDecimal.valueOf(1_000));
        units.put("MB", BigDecimal.valueOf(1_000_000));
        units.put("GB", BigDecimal.valueOf(1_000_000_000));
        return units;
    }
}
