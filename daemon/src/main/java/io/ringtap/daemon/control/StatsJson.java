package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.ledger.PaceReport;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes the object that {@code ringtap stats --json} prints; {@link StatsReader} is the way back. */
public final class StatsJson {
    private StatsJson() {}

    /** The control call {@code stats}: what {@code look} sees when it is called. */
    public static Function<JsonObject, JsonElement> call(Supplier<StatsLook> look) {
        return _ -> write(look.get());
    }

    /** Returns the object for a look. A count that is not available is absent. */
    public static JsonObject write(StatsLook look) {
        JsonObject json = new JsonObject();
        StatsFields.look(JsonFields.writing(look, json));
        return json;
    }

    /** Returns nanoseconds as seconds, exactly. */
    public static JsonPrimitive seconds(long nanos) {
        return JsonFields.seconds(nanos);
    }

    /** Adds how a stream keeps its pace. */
    public static void pace(JsonObject json, PaceReport pace) {
        StatsFields.pace(JsonFields.writing(pace, json));
    }
}
