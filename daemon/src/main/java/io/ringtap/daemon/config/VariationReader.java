package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads {@code [[inject.frame.vary]]} tables. */
final class VariationReader {
    enum Rule {
        COUNTER,
        LIST,
        RANDOM,
        SEQUENCE,
        TIME
    }

    /** Of a sequence, what is no address. */
    private static final Key<Long> SEQUENCE_FROM = Key.whole(FrameKeys.VARY_FROM.name(), 0, 0, Long.MAX_VALUE);

    private final Section section;
    private final Target target;

    private VariationReader(Section section, Target target) {
        this.section = section;
        this.target = target;
    }

    /** The variation, absent if it cannot be. */
    static Optional<Variation> read(Section section) {
        Optional<Target> target = target(section);
        Optional<Rule> kind = section.given(FrameKeys.VARY_KIND);
        if (!section.has(FrameKeys.VARY_KIND)) {
            section.problem(
                    FrameKeys.VARY_KIND, "needs a value: \"counter\", \"list\", \"random\", \"sequence\" or \"time\"");
        }
        // What else is wrong depends on what varies, and how: without both, the other keys are taken as they are.
        if (target.isEmpty() || kind.isEmpty()) {
            FrameKeys.VARY.keys().forEach(section::has);
            return Optional.empty();
        }
        return new VariationReader(section, target.get()).variation(kind.get());
    }

    private static Optional<Target> target(Section section) {
        boolean bytes = section.has(FrameKeys.VARY_OFFSET) || section.has(FrameKeys.VARY_WIDTH);
        if (section.has(FrameKeys.VARY_FIELD) == bytes) {
            section.problem(
                    FrameKeys.VARY_FIELD,
                    "needs a value: what varies, such as \"udp.source-port\", or offset and width");
            return Optional.empty();
        }
        if (!bytes) {
            return section.given(FrameKeys.VARY_FIELD).map(Target.Named::new);
        }
        if (!section.has(FrameKeys.VARY_OFFSET)) {
            section.problem(
                    FrameKeys.VARY_OFFSET,
                    "needs a value: where the bytes begin, counted from the destination address");
        }
        Optional<Long> offset = section.given(FrameKeys.VARY_OFFSET);
        Optional<Long> width = optional(section, FrameKeys.VARY_WIDTH);
        return offset.flatMap(from -> width.map(count -> new Target.Bytes(from.intValue(), count.intValue())));
    }

    static Field field(String path) {
        return Field.ofPath(path).orElseThrow(() -> {
            List<String> paths = Arrays.stream(Field.values()).map(Field::path).toList();
            return new IllegalArgumentException("there is no field " + Quoted.of(path) + Suggestion.hint(path, paths));
        });
    }

    private Optional<Variation> variation(Rule kind) {
        return switch (kind) {
            case COUNTER -> {
                Optional<FieldValue> from = bound(FrameKeys.VARY_FROM, 0);
                Optional<FieldValue> to = bound(FrameKeys.VARY_TO, -1);
                Optional<Long> step = optional(section, FrameKeys.VARY_STEP);
                yield from.flatMap(
                        first -> to.flatMap(last -> step.map(by -> new Variation.Counter(target, first, last, by))));
            }
            case RANDOM -> {
                Optional<FieldValue> from = bound(FrameKeys.VARY_FROM, 0);
                Optional<FieldValue> to = bound(FrameKeys.VARY_TO, -1);
                Optional<Long> seed = optional(section, FrameKeys.VARY_SEED);
                yield from.flatMap(first ->
                        to.flatMap(last -> seed.map(start -> new Variation.Random(target, first, last, start))));
            }
            case LIST -> {
                Optional<List<FieldValue>> values = section.values(FrameKeys.VARY_VALUES, this::value);
                if (!section.has(FrameKeys.VARY_VALUES)) {
                    section.problem(FrameKeys.VARY_VALUES, "needs a value: a list of what to put there");
                }
                yield values.map(given -> new Variation.Values(target, given));
            }
            case SEQUENCE -> {
                Optional<Long> from = optional(section, SEQUENCE_FROM);
                yield from.map(first -> new Variation.Sequence(target, first));
            }
            case TIME -> Optional.of(new Variation.SendTime(target));
        };
    }

    /** What is given, or the default; absent if what is given is refused. */
    private static <T> Optional<T> optional(Section section, Key<T> key) {
        return section.has(key) ? section.given(key) : key.fallback();
    }

    /** An end of a range; by default 0, or for -1 the largest number that fits. */
    private Optional<FieldValue> bound(Key<?> key, long fallback) {
        if (section.has(key)) {
            return section.value(key, this::value);
        }
        if (target instanceof Target.Named && target.bits() > Long.SIZE) {
            section.problem(key, "needs a value: an address");
            return Optional.empty();
        }
        return Optional.of(FieldValue.of(fallback >>> (Long.SIZE - Math.min(Long.SIZE, target.bits()))));
    }

    private FieldValue value(Entry entry) {
        return switch (target) {
            case Target.Named(Field field) -> FieldEntry.value(field, entry);
            case Target.Bytes(int _, int width) -> {
                if (entry instanceof Entry.Scalar scalar && scalar.value() instanceof Long number && number >= 0) {
                    yield FieldValue.of(number);
                }
                throw new IllegalArgumentException(
                        "must be a whole number of 0 or more that fits " + width + " bytes, not " + entry.describe());
            }
        };
    }
}
