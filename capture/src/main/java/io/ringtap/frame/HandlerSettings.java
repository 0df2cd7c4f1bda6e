package io.ringtap.frame;

import java.time.Duration;

/**
 * The keys that a configuration gives a handler, read in the handler's constructor. Every read names its key, so that
 * a key that was never read is reported as unknown, and a value that does not fit at its place in the file. Reads never
 * throw: after a problem they return the default, and the configuration is refused when all are known.
 */
public interface HandlerSettings {
    /** A text. */
    String text(String key, String fallback);

    /** A whole number from {@code min} to {@code max}. */
    long number(String key, long fallback, long min, long max);

    /** True or false. */
    boolean flag(String key, boolean fallback);

    /** A time with its unit, such as "10 ms". */
    Duration duration(String key, Duration fallback);

    /** A size with its unit, such as "64 MiB", in bytes. */
    long bytes(String key, long fallback);

    /**
     * The name of a stream of frames, one of the configured: a name that none has is reported at its place.
     */
    default String stream(String key, String fallback) {
        return text(key, fallback);
    }

    /** Reports that a key's value, though well formed, cannot be used. */
    void problem(String key, String message);

    /** Settings that hold no key: every read gives its default. */
    static HandlerSettings none() {
        return NoSettings.INSTANCE;
    }
}
