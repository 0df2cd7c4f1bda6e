package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.mark.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for what is wrong with a template's variations. */
final class VariationCheck {
    private final Layout layout;
    private final int shortestBytes;
    private final List<Range> taken = new ArrayList<>();

    /** Bytes that are spoken for; the end is the first one behind. */
    private record Range(int start, int end, String what) {
        boolean overlaps(Range other) {
            return start < other.end && other.start < end;
        }
    }

    /** A check, for a template whose shortest frames have so many bytes. */
    VariationCheck(Layout layout, Map<Field, FieldValue> fields, Optional<Mark> mark, int shortestBytes) {
        this.layout = layout;
        this.shortestBytes = shortestBytes;
        for (Field checksum : Checksum.FIELDS) {
            if (layout.has(checksum.layer()) && !fields.containsKey(checksum)) {
                taken.add(range(checksum, "that follows from the frame: give it to make it a fixed one"));
            }
        }
        if (layout.transport().isPresent()) {
            Field protocol = layout.has(Layer.IPV6) ? Field.IPV6_NEXT_HEADER : Field.IPV4_PROTOCOL;
            taken.add(range(protocol, "that the checksum behind it counts"));
        }
        mark.ifPresent(_ -> taken.add(markRange()));
    }

    /** A mark at the end of frames of several lengths takes everything behind the shortest's start of it. */
    private Range markRange() {
        return layout.has(Layer.UDP)
                ? new Range(shortestBytes - Mark.BYTES, Integer.MAX_VALUE, "the mark")
                : new Range(layout.headerBytes(), layout.headerBytes() + Mark.BYTES, "the mark");
    }

    private Range range(Field field, String why) {
        int start = layout.bitStart(field);
        int end = start + field.bits() + Byte.SIZE - 1;
        return new Range(start / Byte.SIZE, end / Byte.SIZE, (field.path() + " " + why).strip());
    }

    void check(List<Variation> variations, List<Problem> problems) {
        for (int i = 0; i < variations.size(); i++) {
            Variation variation = variations.get(i);
            String path = "vary[" + i + "].";
            Optional<Problem> target = checkTarget(variation.target(), path);
            target.or(() -> checkValues(variation, path)).ifPresent(problems::add);
        }
    }

    private Optional<Problem> checkTarget(Target target, String path) {
        return switch (target) {
            case Target.Named(Field field) ->
                layout.has(field.layer())
                        ? take(range(field, ""), path + "field")
                        : problem(path + "field", "is of a header that the frame does not have: " + field.path());
            case Target.Bytes(int offset, int width) -> {
                if (width < 1 || width > Long.BYTES) {
                    yield problem(path + "width", "must be from 1 to 8 bytes, not " + width);
                }
                if (offset < 0 || offset > shortestBytes - width) {
                    yield problem(
                            path + "offset",
                            "must lie in the frame, whose bytes are 0 to " + (shortestBytes - 1) + ", not " + offset);
                }
                yield take(new Range(offset, offset + width, "bytes " + offset + " on"), path + "offset");
            }
        };
    }

    private Optional<Problem> take(Range range, String key) {
        for (Range other : taken) {
            if (range.overlaps(other)) {
                return problem(key, "shares a byte with " + other.what);
            }
        }
        taken.add(range);
        return Optional.empty();
    }

    private static Optional<Problem> checkValues(Variation variation, String path) {
        int bits = variation.target().bits();
        return switch (variation) {
            case Variation.Counter counter -> {
                Optional<Problem> range = checkRange(counter.from(), counter.to(), bits, path);
                yield range.isEmpty() && counter.step() < 1
                        ? problem(path + "step", "must be above 0, not " + counter.step())
                        : range;
            }
            case Variation.Random random -> checkRange(random.from(), random.to(), bits, path);
            case Variation.Values values -> checkList(values, path);
            case Variation.Sequence sequence ->
                sequence.first() < 0
                        ? problem(path + "from", "must be 0 or more, not " + sequence.first())
                        : Optional.empty();
            case Variation.SendTime _ -> Optional.empty();
        };
    }

    private static Optional<Problem> checkList(Variation.Values values, String path) {
        if (values.values().isEmpty()) {
            return problem(path + "values", "must not be empty");
        }
        int bits = values.target().bits();
        return values.values().stream().allMatch(value -> TemplateCheck.fits(value, bits))
                ? Optional.empty()
                : problem(path + "values", "must fit " + bits + " bits");
    }

    private static Optional<Problem> checkRange(FieldValue from, FieldValue to, int bits, String path) {
        if (!TemplateCheck.fits(from, bits)) {
            return problem(path + "from", "must fit " + bits + " bits");
        }
        if (!TemplateCheck.fits(to, bits)) {
            return problem(path + "to", "must fit " + bits + " bits");
        }
        if (from.isMoreThan(to)) {
            return problem(path + "to", "must not be less than from");
        }
        return from.high() == to.high()
                ? Optional.empty()
                : problem(path + "to", "must be the same as from in its upper 64 bits");
    }

    private static Optional<Problem> problem(String key, String message) {
        return Optional.of(new Problem(key, message));
    }
}
