package io.ringtap.daemon.cli.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlException.Reason;
import java.math.BigDecimal;
import java.util.Locale;

/** The streams of a daemon, or one of them, as a table. */
public final class StreamTable {
    private static final String NOT_AVAILABLE = "-";
    private static final int NANO_DIGITS = 9;

    private StreamTable() {}

    /** Returns the table. @throws ControlException if it is not what a daemon of this version tells */
    public static String text(JsonElement told) throws ControlException {
        try {
            JsonObject object = told.getAsJsonObject();
            JsonArray streams = object.getAsJsonArray("streams");
            if (streams == null) {
                streams = new JsonArray();
                streams.add(object);
            }
            TextTable table = new TextTable("lllllrrrrr");
            table.row(
                    "STREAM",
                    "INTERFACE",
                    "STATE",
                    "FRAMES DUE",
                    "OF",
                    "STARTS",
                    "SENT",
                    "FAILED",
                    "ACHIEVED",
                    "LATE P99");
            streams.forEach(stream -> row(table, stream.getAsJsonObject()));
            return table.text();
        } catch (IllegalStateException | UnsupportedOperationException | NullPointerException | ClassCastException e) {
            throw new ControlException(
                    Reason.FAILED, "the daemon's streams cannot be read: use the ringtap of the daemon's version");
        }
    }

    private static void row(TextTable table, JsonObject stream) {
        long count = stream.get("count").getAsLong();
        table.row(
                stream.get("name").getAsString(),
                stream.get("interface").getAsString(),
                stream.get("state").getAsString(),
                due(stream),
                end(stream, count),
                TextTable.count(stream.get("starts").getAsLong()),
                TextTable.count(stream.get("sent").getAsLong()),
                TextTable.count(stream.get("failed").getAsLong()),
                achieved(stream),
                late(stream));
    }

    private static String end(JsonObject stream, long count) {
        String frames = count == 0 ? "" : TextTable.count(count);
        String time = stream.has("duration_seconds") ? number(stream.get("duration_seconds")) + " s" : "";
        String both = String.join(count == 0 || time.isEmpty() ? "" : ", ", frames, time);
        return both.isEmpty() ? "no end" : both;
    }

    private static String achieved(JsonObject stream) {
        if (stream.has("achieved_bps")) {
            return PaceText.number(stream.get("achieved_bps").getAsDouble()) + " bit/s";
        }
        return stream.has("achieved_pps")
                ? PaceText.number(stream.get("achieved_pps").getAsDouble()) + " pps"
                : NOT_AVAILABLE;
    }

    private static String late(JsonObject stream) {
        return stream.has("deviation_p99_seconds")
                ? LoadTable.time(stream.get("deviation_p99_seconds")
                        .getAsBigDecimal()
                        .movePointRight(NANO_DIGITS)
                        .longValue())
                : NOT_AVAILABLE;
    }

    private static String due(JsonObject stream) {
        String burst =
                stream.has("burst") ? " in bursts of " + stream.get("burst").getAsInt() : "";
        String frames = stream.has("burst") ? stream.get("burst").getAsInt() + " " : "";
        if (stream.has("every_seconds")) {
            return frames + "every " + number(stream.get("every_seconds")) + " s";
        }
        if (stream.has("rate_pps")) {
            return number(stream.get("rate_pps")) + " pps" + burst;
        }
        if (stream.has("rate_bps")) {
            return number(stream.get("rate_bps")) + " bit/s" + burst;
        }
        if (stream.has("speed")) {
            return number(stream.get("speed")) + " x file";
        }
        if (stream.has("top_speed")) {
            return "always";
        }
        return frames + "every " + TextTable.count(stream.get("every_frames").getAsLong()) + " frames of "
                + stream.get("capture").getAsString();
    }

    private static String number(JsonElement number) {
        BigDecimal plain = number.getAsBigDecimal().stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, plain.scale()) + "f", plain);
    }
}
