package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldKind;
import io.ringtap.inject.template.FieldValue;

/** Reads the value of a frame's field as a configuration writes it. */
final class FieldEntry {
    private static final long ANY_ETHERTYPE = 0x88b5;

    private FieldEntry() {}

    /** The value. @throws IllegalArgumentException whose message reads on after the name of the key */
    static FieldValue value(Field field, Entry entry) {
        FieldKind kind = field.kind();
        if (entry instanceof Entry.Items(Place _, var items) && kind == FieldKind.TCP_FLAGS) {
            return FieldValue.of(
                    items.stream().mapToLong(item -> text(field, item).low()).reduce(0, (a, b) -> a | b));
        }
        if (entry instanceof Entry.Scalar scalar) {
            switch (scalar.value()) {
                case Long number
                when kind.takesNumbers() -> {
                    return field.number(number);
                }
                case Boolean flag
                when kind == FieldKind.FLAG -> {
                    return FieldValue.of(flag ? 1 : 0);
                }
                default -> {}
            }
        }
        return text(field, entry);
    }

    /** Stands for a value that was refused. */
    static FieldValue placeholder(Field field) {
        return FieldValue.of(field == Field.ETHERTYPE ? ANY_ETHERTYPE : 0);
    }

    private static FieldValue text(Field field, Entry entry) {
        String wanted = "must be " + field.kind().wanted() + ", not " + entry.describe();
        if (!(entry instanceof Entry.Scalar scalar) || scalar.text().isEmpty()) {
            throw new IllegalArgumentException(wanted);
        }
        try {
            return field.text(scalar.text().get());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wanted, e);
        }
    }
}
