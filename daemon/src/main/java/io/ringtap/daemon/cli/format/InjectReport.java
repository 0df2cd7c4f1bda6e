package io.ringtap.daemon.cli.format;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.StatsJson;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.ledger.InjectCounts;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The last words of {@code ringtap inject}.
 *
 * @param status what became of the stream
 * @param took how long it ran; of a dry run, how long it would have
 * @param isDryRun whether its frames were written to a file in place of being sent
 */
public record InjectReport(StreamStatus status, Duration took, boolean isDryRun) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Returns whether every frame that fell due was sent. */
    public boolean isWhole() {
        return status.counts().failed() == 0 && status.state() != StreamState.FAILED;
    }

    /** Until the last frame, if there was one: what came after it is the command's own. */
    private double seconds() {
        double perSecond = status.counts()
                .pace()
                .map(pace -> pace.achieved().framesPerSecond())
                .orElse(0.0);
        return perSecond > 0 ? status.counts().sent() / perSecond : took.toNanos() / NANOS_PER_SECOND;
    }

    private boolean isEndedEarly() {
        return status.state() != StreamState.ENDED;
    }

    /** For people. */
    public String text() {
        InjectCounts counts = status.counts();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s %s %s in %.3f s%s%n",
                isDryRun ? "wrote" : "sent",
                TextTable.count(counts.sent()),
                counts.sent() == 1 ? "frame" : "frames",
                seconds(),
                isEndedEarly() ? ", ended early" : ""));
        if (isDryRun) {
            text.append("sending takes ").append(time(took)).append("\n");
        }
        text.append("asked ").append(asked(status.config())).append("\n");
        counts.pace()
                .ifPresent(pace ->
                        text.append("achieved ").append(PaceText.line(pace)).append("\n"));
        if (counts.failed() > 0) {
            text.append("failed ").append(TextTable.count(counts.failed())).append(": ");
            text.append(counts.failures().entrySet().stream()
                    .map(cause -> cause.getKey() + " " + TextTable.count(cause.getValue()))
                    .collect(Collectors.joining(", ")));
            text.append("\n");
        }
        return text.toString();
    }

    private static String asked(InjectConfig config) {
        return switch (config.schedule()) {
            case Schedule.Rate rate -> number(rate.framesPerSecond()) + " pps";
            case Schedule.BitRate rate -> number(rate.bitsPerSecond()) + " bit/s";
            case Schedule.Original original ->
                original.speed() == 1
                        ? "the file's times"
                        : "the file's times, " + number(original.speed()) + " times as fast";
            case Schedule.TopSpeed _ -> "as fast as can be";
            case Schedule.Every _, Schedule.EveryFrames _ -> "a pace of the daemon's";
        };
    }

    /** As exact as matters to somebody who waits. */
    private static String time(Duration time) {
        return time.toMinutes() == 0
                ? String.format(Locale.ROOT, "%.3f s", time.toNanos() / NANOS_PER_SECOND)
                : (time.toDays() > 0 ? time.toDays() + " d " : "")
                        + (time.toHours() > 0 ? time.toHoursPart() + " h " : "")
                        + time.toMinutesPart() + " min "
                        + time.toSecondsPart() + " s";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? TextTable.count((long) value) : Double.toString(value);
    }

    /** For a program. */
    public JsonObject json() {
        InjectCounts counts = status.counts();
        JsonObject json = new JsonObject();
        json.addProperty("interface", counts.interfaceName());
        json.addProperty("ended_early", isEndedEarly());
        json.addProperty("sent", counts.sent());
        json.addProperty("failed", counts.failed());
        JsonObject failures = new JsonObject();
        counts.failures().forEach(failures::addProperty);
        json.add("failures", failures);
        json.add("seconds", StatsJson.seconds(Math.round(seconds() * NANOS_PER_SECOND)));
        counts.pace().ifPresent(pace -> StatsJson.pace(json, pace));
        return json;
    }
}
