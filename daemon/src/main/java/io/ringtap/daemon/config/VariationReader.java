package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Choice;
import io.ringtap.daemon.config.toml.Entry;
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
    private enum Kind {
        COUNTER,
        LIST,
        RANDOM,
        SEQUENCE,
        TIME
    }

    private final Section section;
    private final Target target;

    private VariationReader(Section section, Target target) {
        this.section = section;
        this.target = target;
    }

    /** The variation, absent if it cannot be. */
    static Optional<Variation> read(Section section) {
        Optional<Target> target = target(section);
        Optional<Kind> kind =
                section.has("kind") ? section.parsed("kind", text -> Choice.of(Kind.class, text)) : Optional.empty();
        if (!section.has("kind")) {
            section.problem("kind", "needs a value: \"counter\", \"list\", \"random\", \"sequence\" or \"time\"");
        }
        // What else is wrong depends on what varies, and how: without both, the other keys are taken as they are.
        if (target.isEmpty() || kind.isEmpty()) {
            List.of("from", "to", "step", "values", "seed").forEach(section::has);
            return Optional.empty();
        }
        return new VariationReader(section, target.get()).variation(kind.get());
    }

    private static Optional<Target> target(Section section) {
        boolean bytes = section.has("offset") || section.has("width");
        if (section.has("field") == bytes) {
            section.problem("field", "needs a value: what varies, such as \"udp.source-port\", or offset and width");
            return Optional.empty();
        }
        if (!bytes) {
            return section.parsed("field", VariationReader::field).map(Target.Named::new);
        }
        if (!section.has("offset")) {
            section.problem("offset", "needs a value: where the bytes begin, counted from the destination address");
        }
        Optional<Integer> offset = section.integer("offset");
        Optional<Integer> width = section.has("width") ? section.integer("width") : Optional.of(1);
        return offset.flatMap(from -> width.map(count -> new Target.Bytes(from, count)));
    }

    private static Field field(String path) {
        return Field.ofPath(path).orElseThrow(() -> {
            List<String> paths = Arrays.stream(Field.values()).map(Field::path).toList();
            return new IllegalArgumentException("there is no field " + Quoted.of(path) + Suggestion.hint(path, paths));
        });
    }

    private Optional<Variation> variation(Kind kind) {
        return switch (kind) {
            case COUNTER -> {
                Optional<FieldValue> from = bound("from", 0);
                Optional<FieldValue> to = bound("to", -1);
                Optional<Long> step = section.has("step") ? section.number("step", 1, Long.MAX_VALUE) : Optional.of(1L);
                yield from.flatMap(
                        first -> to.flatMap(last -> step.map(by -> new Variation.Counter(target, first, last, by))));
            }
            case RANDOM -> {
                Optional<FieldValue> from = bound("from", 0);
                Optional<FieldValue> to = bound("to", -1);
                Optional<Long> seed = section.has("seed") ? section.number("seed", 0, Long.MAX_VALUE) : Optional.of(0L);
                yield from.flatMap(first ->
                        to.flatMap(last -> seed.map(start -> new Variation.Random(target, first, last, start))));
            }
            case LIST -> {
                Optional<List<FieldValue>> values = section.values("values", this::value);
                if (!section.has("values")) {
                    section.problem("values", "needs a value: a list of what to put there");
                }
                yield values.map(given -> new Variation.Values(target, given));
            }
            case SEQUENCE -> {
                Optional<Long> from = section.has("from") ? section.number("from", 0, Long.MAX_VALUE) : Optional.of(0L);
                yield from.map(first -> new Variation.Sequence(target, first));
            }
            case TIME -> Optional.of(new Variation.SendTime(target));
        };
    }

    /** An end of a range; by default 0, or for -1 the largest number that fits. */
    private Optional<FieldValue> bound(String key, long fallback) {
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
