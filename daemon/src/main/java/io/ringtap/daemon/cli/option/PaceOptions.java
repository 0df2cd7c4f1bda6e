package io.ringtap.daemon.cli.option;

import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.config.value.TimeSpan;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code ringtap inject} that say when it sends, and until when. */
public final class PaceOptions {
    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description = "Frames a second, such as \"10 kpps\", bits at layer 2, such as \"100 Mbit/s\", or max.")
    private String rate;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description = "With --replay: so many times as fast as the file's time stamps say. (default: 1)")
    private Double speed;

    @Option(
            names = "--max-gap",
            paramLabel = "TIME",
            description =
                    "With --replay: the longest pause between two frames, such as \"1 s\" (a bare number: seconds); longer ones"
                            + " are shortened. (default: as they are)")
    private String maxGap;

    @Option(
            names = "--count",
            paramLabel = "N",
            description =
                    "End after so many frames; 0: when told to stop, or at the file's end. (default: 1, with --replay 0)")
    private Long count;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "End after so long, such as \"10 s\" (a bare number: seconds).")
    private String duration;

    /** For frames of a file. @throws IllegalArgumentException that says what is wrong with which option */
    Schedule ofReplay() {
        if (rate != null && speed != null) {
            throw new IllegalArgumentException("--rate and --speed exclude each other");
        }
        return rate == null ? new Schedule.Original(speed == null ? 1 : speed) : parsedRate();
    }

    /**
     * The longest pause between two frames of a file, in the file's time.
     *
     * @throws IllegalArgumentException that says what is wrong with which option
     */
    Optional<Duration> maxGap() {
        if (maxGap != null && rate != null) {
            throw new IllegalArgumentException("--max-gap goes with the file's own times, not with --rate");
        }
        return Optional.ofNullable(maxGap)
                .map(text -> Schedule.Original.fileTime(parsed("--max-gap", text), speed == null ? 1 : speed));
    }

    /** For frames of a template. @throws IllegalArgumentException that says what is wrong with which option */
    Schedule ofTemplate() {
        if (speed != null) {
            throw new IllegalArgumentException("--speed goes with --replay");
        }
        if (maxGap != null) {
            throw new IllegalArgumentException("--max-gap goes with --replay");
        }
        if (rate == null && !isSingle()) {
            throw new IllegalArgumentException(
                    "--rate is missing: how fast to send more than one frame, such as --rate 10kpps, or --rate max");
        }
        return rate == null ? new Schedule.TopSpeed() : parsedRate();
    }

    private boolean isSingle() {
        return count == null ? duration == null : count == 1;
    }

    private Schedule parsedRate() {
        try {
            return (Schedule) StreamRate.parseAsked(rate);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--rate " + e.getMessage(), e);
        }
    }

    /** Gives a stream its end. @throws IllegalArgumentException that says what is wrong with which option */
    public InjectConfig.Builder end(InjectConfig.Builder stream, boolean isReplay) {
        boolean once = count == null && duration == null && !isReplay;
        stream.count(count == null ? (once ? 1 : 0) : count);
        if (duration != null) {
            stream.duration(parsed("--duration", duration));
        }
        return stream;
    }

    private static Duration parsed(String option, String text) {
        try {
            return TimeSpan.parseSeconds(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + " " + e.getMessage(), e);
        }
    }
}
