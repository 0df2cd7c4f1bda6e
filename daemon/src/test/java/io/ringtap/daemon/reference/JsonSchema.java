package io.ringtap.daemon.reference;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.daemon.config.ConfigKeys;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.value.ByteSize;
import io.ringtap.daemon.config.value.TimeSpan;
import java.util.List;
import java.util.Optional;

/** Writes the configuration's JSON schema, draft 7, which editors of TOML take. */
final class JsonSchema {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final KeyTexts texts = KeyTexts.load();

    private JsonSchema() {}

    static String text() {
        JsonSchema writer = new JsonSchema();
        JsonObject root = new JsonObject();
        root.addProperty("$schema", "http://json-schema.org/draft-07/schema#");
        root.addProperty("title", "ringtap.toml");
        writer.properties(ConfigKeys.ROOT, "").entrySet().forEach(entry -> root.add(entry.getKey(), entry.getValue()));
        return GSON.toJson(root) + "\n";
    }

    private JsonObject table(Schema table, String path) {
        JsonObject one = properties(table, path);
        if (!table.repeated()) {
            one.addProperty("description", texts.about(path));
            return one;
        }
        JsonObject all = typed("array");
        all.addProperty("description", texts.about(path));
        all.add("items", one);
        return all;
    }

    private JsonObject properties(Schema table, String path) {
        JsonObject properties = new JsonObject();
        for (Key<?> key : table.keys()) {
            properties.add(key.name(), property(key, path));
        }
        for (Schema inner : table.tables()) {
            properties.add(inner.name(), table(inner, path.isEmpty() ? inner.name() : path + "." + inner.name()));
        }
        JsonObject object = typed("object");
        object.add("properties", properties);
        object.addProperty("additionalProperties", table.open());
        if (table.open()) {
            object.add("allOf", ofTypes());
        }
        return object;
    }

    /** The keys of a handler are those of its type. */
    private JsonArray ofTypes() {
        JsonArray all = new JsonArray();
        HandlerKeys.ofBuiltIns().forEach((type, keys) -> {
            JsonObject then = new JsonObject();
            JsonObject properties = new JsonObject();
            JsonObject isType = new JsonObject();
            for (String known : List.of("type", "filter")) {
                properties.add(known, new JsonObject());
            }
            keys.forEach(key -> properties.add(key.name(), property(key, type)));
            then.add("properties", properties);
            then.addProperty("additionalProperties", false);
            isType.addProperty("const", type);
            all.add(conditional(isType, then));
        });
        return all;
    }

    private static JsonObject conditional(JsonObject isType, JsonObject then) {
        JsonObject properties = new JsonObject();
        properties.add("type", isType);
        JsonObject condition = new JsonObject();
        condition.add("properties", properties);
        JsonObject whole = new JsonObject();
        whole.add("if", condition);
        whole.add("then", then);
        return whole;
    }

    private JsonObject property(Key<?> key, String path) {
        JsonObject property = of(key.kind());
        Optional<String> shown = texts.example(path, key.name()).or(() -> texts.aside(path, key.name()));
        property.addProperty(
                "description", (texts.text(path, key.name()) + " " + KeyFacts.sentences(key, shown)).strip());
        KeyFacts.defaultOf(key, shown).ifPresent(value -> property.add("default", JsonParser.parseString(value)));
        return property;
    }

    private static JsonObject of(Kind<?> kind) {
        return switch (kind) {
            case Kind.Text _ -> typed("string");
            case Kind.Form<?> form -> pattern(form.pattern());
            case Kind.Flag _ -> typed("boolean");
            case Kind.Whole whole ->
                orZero(whole.orZero(), range("integer", whole.least(), whole.most()), range("integer", 0, 0));
            case Kind.Decimal decimal -> decimal(decimal);
            case Kind.Size size ->
                anyOf(
                        orZero(size.orZero(), range("integer", size.least(), size.most()), range("integer", 0, 0)),
                        pattern(ByteSize.pattern()));
            case Kind.Time _ -> pattern(TimeSpan.pattern());
            case Kind.Rate<?> rate -> pattern(rate.pattern());
            case Kind.OneOf<?> one -> words(one.words());
            case Kind.SomeOf<?> some -> list(words(some.words()));
            case Kind.Texts _ -> list(typed("string"));
            case Kind.Wholes wholes -> list(range("integer", wholes.least(), wholes.most()));
            case Kind.ListOf list -> list(of(list.item()));
            case Kind.Several<?> several ->
                anyOf(several.types().stream().map(JsonSchema::of).toArray(JsonObject[]::new));
        };
    }

    private static JsonObject typed(String type) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }

    private static JsonObject pattern(String pattern) {
        JsonObject text = typed("string");
        if (!pattern.isEmpty()) {
            text.addProperty("pattern", pattern);
        }
        return text;
    }

    private static JsonObject range(String type, long least, long most) {
        JsonObject number = typed(type);
        number.addProperty("minimum", least);
        if (most < Long.MAX_VALUE) {
            number.addProperty("maximum", most);
        }
        return number;
    }

    private static JsonObject decimal(Kind.Decimal decimal) {
        JsonObject number = typed("number");
        number.addProperty(decimal.aboveLeast() ? "exclusiveMinimum" : "minimum", decimal.least());
        number.addProperty("maximum", decimal.most());
        return number;
    }

    private static JsonObject orZero(boolean zeroToo, JsonObject range, JsonObject zero) {
        return zeroToo ? anyOf(range, zero) : range;
    }

    private static JsonObject words(List<String> words) {
        JsonArray all = new JsonArray();
        words.forEach(all::add);
        JsonObject one = new JsonObject();
        one.add("enum", all);
        return one;
    }

    private static JsonObject list(JsonObject items) {
        JsonObject list = typed("array");
        list.add("items", items);
        return list;
    }

    private static JsonObject anyOf(JsonObject... alternatives) {
        if (alternatives.length == 1) {
            return alternatives[0];
        }
        JsonArray all = new JsonArray();
        for (JsonElement alternative : alternatives) {
            all.add(alternative);
        }
        JsonObject any = new JsonObject();
        any.add("anyOf", all);
        return any;
    }
}
