package io.ringtap.daemon.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.daemon.control.StatsJson;
import io.ringtap.frame.TimeText;
import java.util.Locale;

/** What the page is told, as JSON. */
final class PageJson {
    private PageJson() {}

    /** The latest look: {@code stats} as {@code ringtap stats --json} prints it, the charts' newest values, and what happened. */
    static JsonObject now(History.Now now) {
        JsonObject json = new JsonObject();
        json.addProperty("time", now.look().timestamp().toEpochMilli());
        json.add("stats", StatsJson.write(now.look()));
        JsonArray readings = new JsonArray();
        for (Reading reading : now.readings()) {
            JsonArray each = line(reading.chart(), reading.name());
            each.add(number((float) reading.value()));
            readings.add(each);
        }
        json.add("readings", readings);
        JsonArray marks = new JsonArray();
        now.marks().forEach(mark -> marks.add(mark(mark)));
        json.add("marks", marks);
        return json;
    }

    private static JsonObject mark(Mark mark) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", mark.kind().name().toLowerCase(Locale.ROOT));
        json.addProperty("from", TimeText.of(mark.from()));
        mark.to().ifPresent(to -> json.addProperty("to", TimeText.of(to)));
        json.addProperty("what", mark.what());
        json.addProperty("cause", mark.cause());
        json.addProperty("cure", mark.cure());
        return json;
    }

    /** Looks before it: a time for each, and for each line of a chart a value at each time, null where there was none. */
    static JsonObject past(History.Past past) {
        JsonObject json = new JsonObject();
        JsonArray times = new JsonArray();
        past.times().forEach(times::add);
        json.add("times", times);
        JsonArray lines = new JsonArray();
        for (History.Line line : past.lines()) {
            JsonArray values = new JsonArray();
            for (float value : line.values()) {
                values.add(Float.isNaN(value) ? JsonNull.INSTANCE : number(value));
            }
            JsonArray each = line(line.chart(), line.name());
            each.add(values);
            lines.add(each);
        }
        json.add("lines", lines);
        return json;
    }

    private static JsonArray line(Reading.Chart chart, String name) {
        JsonArray each = new JsonArray();
        each.add(chart.name().toLowerCase(Locale.ROOT));
        each.add(name);
        return each;
    }

    /** Whole ones, as most are, without a fraction. */
    private static JsonPrimitive number(float value) {
        return value == (long) value ? new JsonPrimitive((long) value) : new JsonPrimitive(value);
    }
}
