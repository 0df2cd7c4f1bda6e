package io.ringtap.daemon.control.tap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.daemon.control.ControlRefusal;
import java.time.Duration;
import java.util.Optional;

/**
 * A request of a live tap.
 *
 * @param capture the name of what to look at; absent for the only one there is
 * @param filter which frames, by pcap-filter(7); empty for all
 * @param snaplenBytes bytes of a frame at most
 * @param count it ends after so many frames; 0 for never
 * @param duration it ends after so long; zero for never
 */
record TapRequest(Optional<String> capture, String filter, int snaplenBytes, long count, Duration duration) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Reads one. @throws ControlRefusal if a field is not what it should be */
    static TapRequest of(JsonObject json) {
        return new TapRequest(
                text(json, "capture"),
                text(json, "filter").map(String::strip).orElse(""),
                (int) number(json, "snaplen", CaptureConfig.MAX_SNAPLEN_BYTES, 1, CaptureConfig.MAX_SNAPLEN_BYTES),
                number(json, "count", 0, 0, Long.MAX_VALUE),
                Duration.ofNanos((long) (decimal(json, "duration_seconds") * NANOS_PER_SECOND)));
    }

    private static Optional<String> text(JsonObject json, String field) {
        JsonElement value = json.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive text && text.isString()) {
            return Optional.of(text.getAsString());
        }
        throw new ControlRefusal(field + " must be a string");
    }

    private static long number(JsonObject json, String field, long absent, long least, long most) {
        JsonElement value = json.get(field);
        if (value == null) {
            return absent;
        }
        try {
            long number = value.getAsBigDecimal().longValueExact();
            if (number >= least && number <= most) {
                return number;
            }
        } catch (ArithmeticException
                | NumberFormatException
                | UnsupportedOperationException
                | IllegalStateException e) {
            // as one that is out of range
        }
        throw new ControlRefusal(field + " must be a whole number from " + least + " to " + most);
    }

    private static double decimal(JsonObject json, String field) {
        JsonElement value = json.get(field);
        if (value == null) {
            return 0;
        }
        if (value instanceof JsonPrimitive number && number.isNumber() && number.getAsDouble() >= 0) {
            return number.getAsDouble();
        }
        throw new ControlRefusal(field + " must be a number of 0 or more");
    }
}
