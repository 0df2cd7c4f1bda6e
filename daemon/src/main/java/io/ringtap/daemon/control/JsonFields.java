package io.ringtap.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.frame.TimeText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.StreamSupport;

/**
 * The fields of an object, written and read by the same lines, so that the two cannot differ: each method takes a field's name and
 * where its value comes from. Writing, it adds the field; reading, it takes the field's value. Either way it returns that value. A
 * field that is absent stays absent.
 *
 * <p>Reading throws {@link IllegalArgumentException} for a field that must be there and is not, and what Gson throws for one of
 * another kind.
 *
 * @param <T> what is written
 */
final class JsonFields<T> {
    private static final int NANO_DIGITS = 9;
    private static final int SHARE_DIGITS = 5;
    private static final MathContext RATE_DIGITS = new MathContext(9);

    private final Optional<T> written;
    private final JsonObject json;

    private JsonFields(Optional<T> written, JsonObject json) {
        this.written = written;
        this.json = json;
    }

    /** Writes fields of {@code source}, behind those that an object has. */
    static <T> JsonFields<T> writing(T source, JsonObject json) {
        return new JsonFields<>(Optional.of(source), json);
    }

    /** Reads the fields of an object. */
    static <T> JsonFields<T> reading(JsonObject json) {
        return new JsonFields<>(Optional.empty(), json);
    }

    private <V> Optional<V> optional(
            String name,
            Function<T, Optional<V>> get,
            Function<V, JsonElement> toJson,
            Function<JsonElement, V> fromJson) {
        if (written.isPresent()) {
            Optional<V> value = get.apply(written.get());
            value.ifPresent(present -> json.add(name, toJson.apply(present)));
            return value;
        }
        return Optional.ofNullable(json.get(name)).map(fromJson);
    }

    private <V> V required(
            String name, Function<T, V> get, Function<V, JsonElement> toJson, Function<JsonElement, V> fromJson) {
        return optional(name, get.andThen(Optional::of), toJson, fromJson)
                .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    String text(String name, Function<T, String> get) {
        return required(name, get, JsonPrimitive::new, JsonElement::getAsString);
    }

    Optional<String> optionalText(String name, Function<T, Optional<String>> get) {
        return optional(name, get, JsonPrimitive::new, JsonElement::getAsString);
    }

    boolean flag(String name, Function<T, Boolean> get, boolean absent) {
        return optional(name, get.andThen(Optional::of), JsonPrimitive::new, JsonElement::getAsBoolean)
                .orElse(absent);
    }

    long count(String name, ToLongFunction<T> get) {
        return required(name, get::applyAsLong, JsonPrimitive::new, JsonFields::toCount);
    }

    OptionalLong optionalCount(String name, Function<T, OptionalLong> get) {
        return unbox(optional(name, get.andThen(JsonFields::box), JsonPrimitive::new, JsonFields::toCount));
    }

    private static long toCount(JsonElement json) {
        return json.getAsBigInteger().longValueExact();
    }

    /** As seconds, exactly. */
    long nanos(String name, ToLongFunction<T> get) {
        return required(name, get::applyAsLong, JsonFields::seconds, JsonFields::toNanos);
    }

    OptionalLong optionalNanos(String name, Function<T, OptionalLong> get) {
        return unbox(optional(name, get.andThen(JsonFields::box), JsonFields::seconds, JsonFields::toNanos));
    }

    /** Nanoseconds as seconds, exactly. */
    static JsonPrimitive seconds(long nanos) {
        return plain(BigDecimal.valueOf(nanos, NANO_DIGITS));
    }

    private static long toNanos(JsonElement seconds) {
        return seconds.getAsBigDecimal()
                .movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** From 0 to 1, to a thousandth of a percent. */
    double share(String name, ToDoubleFunction<T> get) {
        return required(name, get::applyAsDouble, JsonFields::fromShare, JsonElement::getAsDouble);
    }

    OptionalDouble optionalShare(String name, Function<T, OptionalDouble> get) {
        return unboxDouble(
                optional(name, get.andThen(JsonFields::boxDouble), JsonFields::fromShare, JsonElement::getAsDouble));
    }

    static JsonPrimitive fromShare(double share) {
        return plain(BigDecimal.valueOf(share).setScale(SHARE_DIGITS, RoundingMode.HALF_UP));
    }

    /** An amount a second, to nine digits. */
    double rate(String name, ToDoubleFunction<T> get) {
        return required(name, get::applyAsDouble, JsonFields::fromRate, JsonElement::getAsDouble);
    }

    OptionalDouble optionalRate(String name, Function<T, OptionalDouble> get) {
        return unboxDouble(
                optional(name, get.andThen(JsonFields::boxDouble), JsonFields::fromRate, JsonElement::getAsDouble));
    }

    private static JsonPrimitive fromRate(double perSecond) {
        return plain(BigDecimal.valueOf(perSecond).round(RATE_DIGITS));
    }

    private static JsonPrimitive plain(BigDecimal number) {
        return new JsonPrimitive(new BigDecimal(number.stripTrailingZeros().toPlainString()));
    }

    /** By the wall clock, as {@link TimeText} has it. */
    Instant instant(String name, Function<T, Instant> get) {
        return required(name, get, JsonFields::fromInstant, JsonFields::toInstant);
    }

    Optional<Instant> optionalInstant(String name, Function<T, Optional<Instant>> get) {
        return optional(name, get, JsonFields::fromInstant, JsonFields::toInstant);
    }

    private static JsonPrimitive fromInstant(Instant instant) {
        return new JsonPrimitive(TimeText.of(instant));
    }

    private static Instant toInstant(JsonElement json) {
        return Instant.parse(json.getAsString());
    }

    /** An object of counts by name; absent, it has none. */
    SortedMap<String, Long> counts(String name, Function<T, SortedMap<String, Long>> get) {
        return optional(name, get.andThen(Optional::of), JsonFields::fromCounts, JsonFields::toCounts)
                .orElseGet(TreeMap::new);
    }

    static JsonObject fromCounts(Map<String, Long> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::addProperty);
        return json;
    }

    static SortedMap<String, Long> toCounts(JsonElement json) {
        SortedMap<String, Long> counts = new TreeMap<>();
        json.getAsJsonObject().entrySet().forEach(each -> counts.put(each.getKey(), toCount(each.getValue())));
        return counts;
    }

    /** Texts, in order; absent, there are none. */
    Set<String> optionalTexts(String name, Function<T, Set<String>> get) {
        return optional(name, get.andThen(Optional::of), JsonFields::fromTexts, JsonFields::toTexts)
                .orElseGet(TreeSet::new);
    }

    private static JsonArray fromTexts(Set<String> texts) {
        JsonArray array = new JsonArray();
        texts.stream().sorted().forEach(array::add);
        return array;
    }

    private static Set<String> toTexts(JsonElement array) {
        Set<String> texts = new TreeSet<>();
        array.getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
        return texts;
    }

    /** A field of a kind of its own. */
    <V> V field(String name, Function<T, V> get, Function<V, JsonElement> toJson, Function<JsonElement, V> fromJson) {
        return required(name, get, toJson, fromJson);
    }

    /** What is written for those who parse, and follows from the others: nobody reads it back. */
    void derived(String name, Function<T, JsonElement> get) {
        written.ifPresent(source -> json.add(name, get.apply(source)));
    }

    /** A list of objects. */
    <E> List<E> list(String name, Function<T, List<E>> get, Function<JsonFields<E>, E> shape) {
        return required(name, get, all -> array(all, shape), array -> list(array, shape));
    }

    /** As {@link #list}; absent, it is empty. */
    <E> List<E> optionalList(String name, Function<T, List<E>> get, Function<JsonFields<E>, E> shape) {
        return optional(name, get.andThen(Optional::of), all -> array(all, shape), array -> list(array, shape))
                .orElse(List.of());
    }

    private static <E> JsonArray array(List<E> all, Function<JsonFields<E>, E> shape) {
        JsonArray array = new JsonArray();
        for (E each : all) {
            JsonObject object = new JsonObject();
            E _ = shape.apply(writing(each, object)); // which has written it
            array.add(object);
        }
        return array;
    }

    private static <E> List<E> list(JsonElement array, Function<JsonFields<E>, E> shape) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                .map(each -> shape.apply(reading(each.getAsJsonObject())))
                .toList();
    }

    /** Further fields of this object, of a part of what is written. */
    <P, R> R part(Function<T, P> get, Function<JsonFields<P>, R> shape) {
        return shape.apply(new JsonFields<>(written.map(get), json));
    }

    /** As {@link #part}, of one that may be absent: {@code first} is a field that it always has. */
    <P, R> Optional<R> optionalPart(String first, Function<T, Optional<P>> get, Function<JsonFields<P>, R> shape) {
        boolean there = written.isPresent() ? get.apply(written.get()).isPresent() : json.has(first);
        return there ? Optional.of(part(get.andThen(Optional::orElseThrow), shape)) : Optional.empty();
    }

    /** An object in this one; empty if it is absent. */
    <P, R> Optional<R> object(String name, Function<T, P> get, Function<JsonFields<P>, R> shape) {
        if (written.isEmpty()) {
            return json.get(name) instanceof JsonObject object
                    ? Optional.of(shape.apply(reading(object)))
                    : Optional.empty();
        }
        JsonObject object = new JsonObject();
        json.add(name, object);
        return Optional.of(shape.apply(writing(get.apply(written.get()), object)));
    }

    private static Optional<Long> box(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static OptionalLong unbox(Optional<Long> value) {
        return value.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Optional<Double> boxDouble(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }

    private static OptionalDouble unboxDouble(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
