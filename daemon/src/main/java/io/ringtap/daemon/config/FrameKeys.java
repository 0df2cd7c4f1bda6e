package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** The keys of {@code [inject.frame]} and of the tables in it. */
final class FrameKeys {
    /** In place of lengths. */
    static final String IMIX = "imix";

    static final Key<byte[]> PAYLOAD = Key.form("payload", "hexadecimal digits, two a byte", Content::parseHex);
    static final Key<String> PAYLOAD_TEXT = Key.text("payload-text");
    static final Key<byte[]> PAYLOAD_FILE = Key.form("payload-file", "a path", ContentReader::file);
    static final Key<byte[]> RAW = Key.form("raw", "hexadecimal digits, two a byte", Content::parseHex);
    static final Key<byte[]> RAW_FILE = Key.form("raw-file", "a path", ContentReader::file);
    static final Key<Entry> LENGTH = Key.of("length", lengths());
    static final Key<List<Integer>> WEIGHTS = Key.wholes("weights", 1, FrameLengths.MOST_WEIGHT);

    static final Key<Long> MARK_STREAM = Key.whole("stream", 0, 0, 0xffff_ffffL);
    static final Key<Long> MARK_FIRST = Key.whole("first", 0, 0, Long.MAX_VALUE);
    static final Key<Boolean> MARK_CHECK = Key.flag("check", true);
    static final Schema MARK = Schema.table("mark", List.of(MARK_STREAM, MARK_FIRST, MARK_CHECK));

    static final Key<String> LLDP_CHASSIS_ID = lldpText("chassis-id");
    static final Key<String> LLDP_PORT_ID = lldpText("port-id");
    static final Key<Long> LLDP_TTL = Key.whole("ttl", 120, 0, 0xffff);
    static final Key<String> LLDP_PORT_DESCRIPTION = lldpText("port-description");
    static final Key<String> LLDP_SYSTEM_NAME = lldpText("system-name");
    static final Key<String> LLDP_SYSTEM_DESCRIPTION = lldpText("system-description");
    static final Schema LLDP = Schema.table(
            "lldp",
            List.of(
                    LLDP_CHASSIS_ID,
                    LLDP_PORT_ID,
                    LLDP_TTL,
                    LLDP_PORT_DESCRIPTION,
                    LLDP_SYSTEM_NAME,
                    LLDP_SYSTEM_DESCRIPTION));

    static final Key<Field> VARY_FIELD =
            Key.form("field", "a header's field, such as \"ipv4.source\"", VariationReader::field);
    static final Key<Long> VARY_OFFSET = Key.of("offset", new Kind.Whole(0, Content.MAX_BYTES, false));
    static final Key<Long> VARY_WIDTH = Key.whole("width", 1, 1, Target.Bytes.MOST_BYTES);
    static final Key<VariationReader.Rule> VARY_KIND = Key.choice("kind", VariationReader.Rule.class);
    static final Key<Entry> VARY_FROM = Key.of("from", value());
    static final Key<Entry> VARY_TO = Key.of("to", value());
    static final Key<Long> VARY_STEP = Key.whole("step", 1, 1, Long.MAX_VALUE);
    static final Key<List<Entry>> VARY_VALUES = Key.of("values", new Kind.ListOf(value()));
    static final Key<Long> VARY_SEED = Key.whole("seed", 0, 0, Long.MAX_VALUE);
    static final Schema VARY = Schema.tables(
            "vary",
            List.of(
                    VARY_FIELD,
                    VARY_OFFSET,
                    VARY_WIDTH,
                    VARY_KIND,
                    VARY_FROM,
                    VARY_TO,
                    VARY_STEP,
                    VARY_VALUES,
                    VARY_SEED));

    /** A header's table is the same whoever asks for it. */
    private static final Map<Layer, Schema> HEADERS = headers();

    static final Schema VLAN = header(Layer.VLAN);
    static final Schema TABLE = frame();

    private FrameKeys() {}

    private static Key<String> lldpText(String name) {
        return Key.form(name, "a text of 1 to " + Content.Lldp.MAX_TEXT_BYTES + " bytes", text -> text);
    }

    private static Kind<Entry> lengths() {
        Kind<Long> one = new Kind.Whole(FrameLengths.LEAST_BYTES, FrameLengths.MOST_BYTES, false);
        return Kind.Several.ofEntries(
                "bytes " + one.limits() + ", a list of them, or \"" + IMIX + "\"",
                one,
                new Kind.ListOf(one),
                new Kind.OneOf<>(List.of(IMIX), text -> text));
    }

    /** What fits the field is a number, an address or a flag. */
    private static Kind<Entry> value() {
        return Kind.Several.ofEntries(
                "what fits the field, or the bytes",
                new Kind.Whole(0, Long.MAX_VALUE, false),
                new Kind.Text(),
                new Kind.Flag());
    }

    static Schema header(Layer layer) {
        return HEADERS.get(layer);
    }

    private static Map<Layer, Schema> headers() {
        Map<Layer, Schema> headers = new EnumMap<>(Layer.class);
        headers.put(Layer.VLAN, HeaderKeys.table(Layer.VLAN));
        EnumSet.range(Layer.ARP, Layer.ICMPV6).forEach(layer -> headers.put(layer, HeaderKeys.table(layer)));
        return headers;
    }

    private static Schema frame() {
        List<Key<?>> keys = new ArrayList<>(HeaderKeys.keys(Layer.ETHERNET));
        keys.addAll(List.of(PAYLOAD, PAYLOAD_TEXT, PAYLOAD_FILE, RAW, RAW_FILE, LENGTH, WEIGHTS));
        List<Schema> tables = new ArrayList<>();
        tables.addAll(HEADERS.values());
        tables.addAll(List.of(LLDP, MARK, VARY));
        return Schema.table("frame", keys, tables.toArray(Schema[]::new));
    }
}
