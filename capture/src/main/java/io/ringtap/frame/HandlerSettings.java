package io.ringtap.frame;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The keys that a configuration gives a handler, read in the handler's constructor. Every read names its key, so that
 * a key that was never read is reported as unknown, and a value that does not fit at its place in the file. Reads never
 * throw: after a problem they return the default, and the configuration is refused when all are known.
 */
public interface HandlerSettings {
    /** Whether a key is given, of whatever type. */
    boolean has(String key);

    /** A text. */
    String text(String key, String fallback);

    /** A whole number from {@code min} to {@code max}. */
    long number(String key, long fallback, long min, long max);

    /**
     * A whole number from {@code min} to {@code max}, or a word in place of it.
     *
     * @param meant what is returned for the word
     */
    default long numberOr(String key, String word, long meant, long fallback, long min, long max) {
        return number(key, fallback, min, max);
    }

    /** A number, with decimals or without, from {@code min} to {@code max}. */
    double decimal(String key, double fallback, double min, double max);

    /** True or false. */
    boolean flag(String key, boolean fallback);

    /** A time with its unit, such as "10 ms". */
    Duration duration(String key, Duration fallback);

    /** A size with its unit, such as "64 MiB", in bytes. */
    long bytes(String key, long fallback);

    /** A time from {@code min} to {@code max}. */
    default Duration duration(String key, Duration fallback, Duration min, Duration max) {
        Duration time = duration(key, fallback);
        if (time.compareTo(min) >= 0 && time.compareTo(max) <= 0) {
            return time;
        }
        problem(key, "must be from " + seconds(min) + " to " + seconds(max) + ", not " + seconds(time));
        return fallback;
    }

    /** A size from {@code min} to {@code max} bytes. */
    default long bytes(String key, long fallback, long min, long max) {
        long bytes = bytes(key, fallback);
        if (bytes >= min && bytes <= max) {
            return bytes;
        }
        problem(key, "must be from " + min + " to " + max + " bytes, not " + bytes);
        return fallback;
    }

    /** A list of texts; empty if it is not given. */
    List<String> texts(String key);

    /** One of an enum's constants, spelt in lower case with hyphens: {@code ROUND_ROBIN} is "round-robin". */
    <E extends Enum<E>> E choice(String key, E fallback);

    /** A path; a relative one counts from the folder that the process was started in. */
    Optional<Path> path(String key);

    /** The name of a configured stream of frames; a name that no stream has is reported. */
    Optional<String> stream(String key);

    /** The name of a configured flight recorder; a name that none has is reported. */
    default Optional<String> recorder(String key) {
        return has(key) ? Optional.of(text(key, "")) : Optional.empty();
    }

    /** Reports that a key's value, though well formed, cannot be used. */
    void problem(String key, String message);

    /** Settings that hold no key: every read gives its default. */
    static HandlerSettings none() {
        return NoSettings.INSTANCE;
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString() + " s";
    }
}
