package io.ringtap.daemon.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a request's line into its answer's line. No request, whatever is in it, makes it throw. */
final class ControlCalls {
    /** The protocol's version; a change that an older client would misread takes the next. */
    static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ControlCalls.class);
    private static final JsonPrimitive SUPPORTED = new JsonPrimitive(VERSION);
    private static final int ECHOED_CHARACTERS = 64;

    private final Gson strict =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();
    private final TreeMap<String, Function<JsonObject, JsonElement>> calls;
    private final int answerBytes;

    ControlCalls(Map<String, Function<JsonObject, JsonElement>> calls, int answerBytes) {
        this.calls = new TreeMap<>(calls);
        this.answerBytes = answerBytes;
    }

    /** The answer to a request, each without its newline. */
    byte[] answer(byte[] request) {
        JsonObject parsed;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(request))
                    .toString();
            parsed = strict.fromJson(text, JsonObject.class);
        } catch (CharacterCodingException e) {
            return error("the request is not UTF-8");
        } catch (JsonParseException | ClassCastException e) {
            return error("the request is not a JSON object");
        }
        if (parsed == null) {
            return error("the request is empty");
        }
        if (!SUPPORTED.equals(parsed.get("version"))) {
            return error("version must be " + VERSION + ", the one this daemon speaks");
        }
        return parsed.get("call") instanceof JsonPrimitive name && name.isString()
                ? call(name.getAsString(), parsed)
                : error("call must be a string: one of " + String.join(", ", calls.keySet()));
    }

    private byte[] call(String name, JsonObject request) {
        Function<JsonObject, JsonElement> call = calls.get(name);
        if (call == null) {
            String echo = name.length() > ECHOED_CHARACTERS ? name.substring(0, ECHOED_CHARACTERS) + "..." : name;
            return error("no such call: " + echo + ": there are " + String.join(", ", calls.keySet()));
        }
        try {
            JsonObject answer = envelope(true);
            answer.add("result", call.apply(request));
            byte[] line = bytes(answer);
            return line.length <= answerBytes
                    ? line
                    : error("the answer to " + name + " takes " + line.length + " bytes, more than " + answerBytes);
        } catch (RuntimeException | Error e) { // a plug-in's broken class must not take the control socket with it
            LOG.warn("control: the call {} failed", name, e);
            return error("the call " + name + " failed: " + e);
        }
    }

    /** An answer that tells an error, without its newline. */
    static byte[] error(String message) {
        JsonObject answer = envelope(false);
        answer.addProperty("error", message);
        return bytes(answer);
    }

    private static JsonObject envelope(boolean ok) {
        JsonObject answer = new JsonObject();
        answer.addProperty("version", VERSION);
        answer.addProperty("ok", ok);
        return answer;
    }

    private static byte[] bytes(JsonObject answer) {
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }
}
