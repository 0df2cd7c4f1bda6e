package io.ringtap.daemon.config.value;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.inject.config.AskedRate;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rates of streams as texts: in frames, as {@link FrameRate}, or in bits at layer 2: "100 Mbit/s", for which "100 Mbps" and
 * "100 Mbit" are taken too. White space before the unit is optional, letter case counts.
 */
public final class StreamRate {
    private static final String AS_FAST_AS_CAN_BE = "max";
    private static final String BITS = "bit/s";

    /** How others write it: tc and trafgen "10Mbit", routers and tcpreplay "10Mbps". Capital B, bytes, is neither. */
    private static final Pattern OTHERS_BITS = Pattern.compile("(?<=[0-9\\skMG])(?:bps|bit)$");

    private static final Quantity RATE = new Quantity("a rate", "350 kpps", units());

    private StreamRate() {}

    /**
     * The rate.
     *
     * @throws IllegalArgumentException if it is none, 0 or less, or none that a stream can have; the message reads on
     *     after the name of the key or option
     */
    public static SendRate parse(String text) {
        String spelled = OTHERS_BITS.matcher(text.strip()).replaceFirst(BITS);
        BigDecimal rate = RATE.parse(spelled);
        if (rate.signum() == 0) {
            throw RATE.refusal(text, ": it must be above 0");
        }
        try {
            return spelled.endsWith(BITS)
                    ? new Schedule.BitRate(rate.doubleValue())
                    : new Schedule.Rate(rate.doubleValue());
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e.problems().getFirst().message(), e);
        }
    }

    /** The same, or "max": as fast as can be. */
    public static AskedRate parseAsked(String text) {
        try {
            return text.equals(AS_FAST_AS_CAN_BE) ? new Schedule.TopSpeed() : parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage().replaceFirst("^must be a rate", "must be \"max\" or a rate"), e);
        }
    }

    /** Returns what every rate matches, those as others write them too: a regular expression of ECMA 262. */
    public static String pattern() {
        Map<String, BigDecimal> units = units();
        for (String prefix : List.of("", "k", "M", "G")) {
            units.put(prefix + "bps", BigDecimal.ONE);
            units.put(prefix + "bit", BigDecimal.ONE);
        }
        return new Quantity("", "", units).pattern();
    }

    /** Returns which rates there are, so that it reads on after "must be". */
    public static String limits() {
        return "from " + FrameRate.text(Schedule.MIN_FRAMES_PER_SECOND) + " to "
                + FrameRate.text(Schedule.MAX_FRAMES_PER_SECOND) + ", or from "
                + plain(Schedule.MIN_BITS_PER_SECOND) + " " + BITS + " to "
                + plain(Schedule.MAX_BITS_PER_SECOND / 1e9) + " G" + BITS;
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static Map<String, BigDecimal> units() {
        Map<String, BigDecimal> units = new LinkedHashMap<>(FrameRate.UNITS);
        units.put(BITS, BigDecimal.ONE);
        units.put("k" + BITS, BigDecimal.valueOf(1_000));
        units.put("M" + BITS, BigDecimal.valueOf(1_000_000));
        units.put("G" + BITS, BigDecimal.valueOf(1_000_000_000));
        return units;
    }
}
