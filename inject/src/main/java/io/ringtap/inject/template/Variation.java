package io.ringtap.inject.template;

import java.util.List;

/** A part of a stream's frames that is not the same in each. What it is in a frame follows from the frame's number. */
public sealed interface Variation {
    Target target();

    /** From {@code from} on, by {@code step}, as far as {@code to}; then from {@code from} again. */
    record Counter(Target target, FieldValue from, FieldValue to, long step) implements Variation {}

    /** Each value in turn, then from the first again. */
    record Values(Target target, List<FieldValue> values) implements Variation {
        public Values {
            values = List.copyOf(values);
        }
    }

    /** Numbers from {@code from} to {@code to} that look random: the same ones for the same seed. */
    record Random(Target target, FieldValue from, FieldValue to, long seed) implements Variation {}

    /** The frame's number, counted from {@code first}; of a number too large for the target, its low bits. */
    record Sequence(Target target, long first) implements Variation {}

    /** Nanoseconds since 1970 when the frame is handed to the interface; for a narrow target, the low bits. */
    record SendTime(Target target) implements Variation {}
}
