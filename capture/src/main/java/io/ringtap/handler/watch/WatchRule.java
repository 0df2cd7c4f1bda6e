package io.ringtap.handler.watch;

import io.ringtap.frame.HandlerSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * A rule: the event that is watched for, and the reaction to it.
 *
 * @param frames so many frames within {@code time}; 0: no frame for {@code time}
 * @param time how long
 * @param hold the alarm ends when what is watched for has not been the case for so long
 * @param stream started when the alarm is raised
 * @param stopAtEnd whether the stream is stopped when the alarm ends
 * @param recorder the flight recorder that writes what it holds when the alarm is raised
 */
record WatchRule(
        int frames,
        Duration time,
        Duration hold,
        Optional<String> stream,
        boolean stopAtEnd,
        Optional<String> recorder) {
    /** 16 MB of times. */
    private static final int MOST_FRAMES = 1_000_000;

    private static final Duration SHORTEST = Duration.ofNanos(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int NANO_DIGITS = 9;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Reads its keys. */
    static WatchRule of(HandlerSettings settings) {
        boolean absent = settings.has("absent");
        int frames = (int) settings.number("frames", 1, 1, MOST_FRAMES);
        if (settings.has("frames") == absent) {
            settings.problem(
                    absent ? "absent" : "frames",
                    absent
                            ? "goes without frames: a watch is for many frames, or for none"
                            : "needs a value: how many frames raise the alarm (or give absent, how long none comes)");
        }
        if (absent && settings.has("within")) {
            settings.problem("within", "goes with frames: the time in which so many come");
        }
        Duration within = time(settings, "within", SECOND);
        Duration time = absent ? time(settings, "absent", SECOND) : within;
        Duration hold = settings.duration("hold", time, Duration.ZERO, LONGEST);
        Optional<String> stream = settings.stream("stream");
        boolean stopAtEnd = settings.flag("stop-at-end", false);
        if (stopAtEnd && !settings.has("stream")) {
            settings.problem("stop-at-end", "goes with stream: there is none to stop");
        }
        return new WatchRule(absent ? 0 : frames, time, hold, stream, stopAtEnd, settings.recorder("record"));
    }

    private static Duration time(HandlerSettings settings, String key, Duration fallback) {
        return settings.duration(key, fallback, SHORTEST, LONGEST);
    }

    /** Returns what is watched for, as tables and logs say it. */
    String text() {
        String length = BigDecimal.valueOf(time.toNanos(), NANO_DIGITS)
                .stripTrailingZeros()
                .toPlainString();
        return (frames == 0 ? "no frame for " : frames + " in ") + length + " s";
    }
}
