package io.ringtap.daemon.cli.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.daemon.verify.MarkCheck;
import io.ringtap.daemon.verify.StreamCheck;
import io.ringtap.inject.mark.StreamTally;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The report of {@code ringtap verify}.
 *
 * @param check what the frames said
 * @param kernelDropped frames that the kernel ring had no room for
 * @param failure why not all frames were seen; absent if they were
 */
public record VerifyReport(MarkCheck check, long kernelDropped, Optional<String> failure) {
    /** Whether all there was to see was seen, and in order. */
    public boolean isWhole() {
        return check.isWhole() && kernelDropped == 0 && failure.isEmpty();
    }

    /** For people. */
    public String text() {
        TextTable table = new TextTable("rrrrrrrrrrr");
        table.row(
                "stream",
                "received",
                "lost",
                "duplicated",
                "reordered",
                "late",
                "damaged",
                "min µs",
                "p50 µs",
                "p99 µs",
                "max µs");
        for (StreamCheck stream : check.streams()) {
            StreamTally tally = stream.tally();
            table.row(
                    Long.toString(stream.stream()),
                    TextTable.count(tally.received()),
                    TextTable.count(tally.lost()),
                    TextTable.count(tally.duplicated()),
                    TextTable.count(tally.reordered()),
                    TextTable.count(tally.late()),
                    TextTable.count(stream.damaged()),
                    TextTable.count(stream.leastDelayNanos() / 1000),
                    TextTable.count(stream.delayNanos(50) / 1000),
                    TextTable.count(stream.delayNanos(99) / 1000),
                    TextTable.count(stream.mostDelayNanos() / 1000));
        }
        return table.text() + "unmarked=" + check.unmarked() + " stray=" + check.strays() + " cut=" + check.cut()
                + " kernel_dropped=" + kernelDropped + "\n" + verdict() + "\n";
    }

    private String verdict() {
        if (check.streams().isEmpty()) {
            return "no marked frame";
        }
        if (isWhole()) {
            return "whole";
        }
        return failure.isPresent() && check.isWhole() && kernelDropped == 0
                ? "not whole: what was read is, but not all was"
                : "not whole";
    }

    /** For a program. */
    public JsonObject json() {
        JsonArray streams = new JsonArray();
        check.streams().forEach(stream -> streams.add(json(stream)));
        JsonObject report = new JsonObject();
        report.add("streams", streams);
        report.addProperty("unmarked", check.unmarked());
        report.addProperty("stray", check.strays());
        report.addProperty("cut", check.cut());
        report.addProperty("kernel_dropped", kernelDropped);
        report.addProperty("whole", isWhole());
        failure.ifPresent(why -> report.addProperty("failure", why));
        return report;
    }

    private static JsonObject json(StreamCheck stream) {
        StreamTally tally = stream.tally();
        JsonObject one = new JsonObject();
        one.addProperty("stream", stream.stream());
        one.addProperty("received", tally.received());
        one.addProperty("lost", tally.lost());
        one.addProperty("duplicated", tally.duplicated());
        one.addProperty("reordered", tally.reordered());
        one.addProperty("late", tally.late());
        one.addProperty("damaged", stream.damaged());
        one.addProperty("lowest", new BigInteger(Long.toUnsignedString(tally.lowest())));
        one.addProperty("highest", new BigInteger(Long.toUnsignedString(tally.highest())));
        one.addProperty("delay_min_ns", stream.leastDelayNanos());
        one.addProperty("delay_p50_ns", stream.delayNanos(50));
        one.addProperty("delay_p99_ns", stream.delayNanos(99));
        one.addProperty("delay_max_ns", stream.mostDelayNanos());
        return one;
    }
}
