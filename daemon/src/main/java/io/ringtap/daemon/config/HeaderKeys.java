package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldKind;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The keys of a frame's headers: a field of a header is one. */
final class HeaderKeys {
    private HeaderKeys() {}

    /** The table of a header, or of each of several tags. */
    static Schema table(Layer layer) {
        List<Key<?>> keys = keys(layer);
        return layer == Layer.VLAN ? Schema.tables(layer.key(), keys) : Schema.table(layer.key(), keys);
    }

    static List<Key<?>> keys(Layer layer) {
        List<Key<?>> keys = new ArrayList<>();
        Field.of(layer).forEach(field -> keys.add(key(field)));
        return List.copyOf(keys);
    }

    static Key<FieldValue> key(Field field) {
        Function<Entry, FieldValue> reader = entry -> FieldEntry.value(field, entry);
        return new Key<>(
                field.key(),
                new Kind.Several<>(
                        limits(field),
                        types(field),
                        reader,
                        value -> field.kind().toml(value)),
                field.fallback());
    }

    private static String limits(Field field) {
        String numbers = "from " + field.least() + " to " + field.most();
        return switch (field.kind()) {
            case NUMBER -> field == Field.ETHERTYPE ? "from 0x0600 to 0xffff" : numbers;
            default -> field.kind().wanted() + (field.kind().takesNumbers() ? " " + numbers : "");
        };
    }

    private static List<Kind<?>> types(Field field) {
        FieldKind kind = field.kind();
        List<Kind<?>> types = new ArrayList<>();
        if (kind.takesNumbers()) {
            types.add(new Kind.Whole(field.least(), field.most(), false));
        }
        switch (kind) {
            case NUMBER -> {}
            case FLAG -> types.add(new Kind.Flag());
            case MAC, IPV4_ADDRESS, IPV6_ADDRESS -> types.add(new Kind.Form<>("", kind.pattern(), field::text));
            case ARP_OPERATION, ICMP_TYPE, ICMPV6_TYPE -> types.add(new Kind.OneOf<>(kind.names(), field::text));
            case TCP_FLAGS -> {
                Kind.OneOf<FieldValue> flag = new Kind.OneOf<>(kind.names(), field::text);
                types.add(flag);
                types.add(new Kind.ListOf(flag));
            }
        }
        return types;
    }
}
