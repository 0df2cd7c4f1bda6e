package io.ringtap.daemon.config.value;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rates as texts: "350 kpps", "1.5Mpps", "0.5 pps". White space before the unit is optional, letter case counts. */
public final class FrameRate {
    /** One frame a nanosecond, the finest step of the clock that paces them. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    /** What each unit is worth. */
    static final Map<String, BigDecimal> UNITS = units();

    private static final Quantity RATE = new Quantity("a rate", "350 kpps", UNITS);

    private FrameRate() {}

    /**
     * Frames a second, above 0.
     *
     * @throws IllegalArgumentException if it is none, 0 or less, or above 1,000 Mpps; the message reads on after the
     *     name of the key or option
     */
    public static double parse(String text) {
        BigDecimal rate = RATE.parse(text);
        if (rate.signum() == 0) {
            throw RATE.refusal(text, ": it must be above 0");
        }
        if (rate.compareTo(MOST) > 0) {
            throw RATE.refusal(text, ": it can be at most 1000 Mpps");
        }
        return rate.doubleValue();
    }

    /** The rate, in the largest unit that needs no decimals. */
    public static String text(double framesPerSecond) {
        for (String unit : List.of("Mpps", "kpps")) {
            double inUnit = framesPerSecond / UNITS.get(unit).doubleValue();
            if (inUnit == Math.rint(inUnit)) {
                return BigDecimal.valueOf(inUnit).stripTrailingZeros().toPlainString() + " " + unit;
            }
        }
        return BigDecimal.valueOf(framesPerSecond).stripTrailingZeros().toPlainString() + " pps";
    }

    /** Returns what every rate matches: a regular expression of ECMA 262. */
    public static String pattern() {
        return RATE.pattern();
    }

    /** Returns which rates there are, so that it reads on after "must be". */
    public static String limits() {
        return "above 0, and at most " + text(MOST.doubleValue());
    }

    private static Map<String, BigDecimal> units() {
        Map<String, BigDecimal> units = new LinkedHashMap<>();
        units.put("pps", BigDecimal.ONE);
        units.put("kpps", BigDecimal.valueOf(1_000));
        units.put("Mpps", BigDecimal.valueOf(1_000_000));
        return units;
    }
}
