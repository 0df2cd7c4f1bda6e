package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Variation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code [inject.frame]} tables. */
final class TemplateReader {
    private static final List<Layer> TAGS = List.of(Layer.VLAN, Layer.INNER_VLAN);

    private final Section frame;
    private final Set<Layer> layers = EnumSet.noneOf(Layer.class);
    private final Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
    private boolean refused;

    private TemplateReader(Section frame) {
        this.frame = frame;
    }

    /** The frame, absent if it cannot be. */
    static Optional<FrameTemplate> read(Section section) {
        return new TemplateReader(section).read();
    }

    private Optional<FrameTemplate> read() {
        ContentReader reader = new ContentReader(frame);
        Optional<Content> content = reader.read();
        Content carried = content.orElseGet(reader::placeholder);
        readLayers(carried instanceof Content.RawFrame);
        Optional<FrameLengths> lengths = lengths();
        List<Variation> variations = variations();
        Optional<Mark> mark = frame.table(FrameKeys.MARK).map(this::mark);
        try {
            FrameTemplate template = new FrameTemplate(
                    layers, fields, carried, lengths.orElse(FrameLengths.OF_CONTENT), variations, mark);
            return refused || content.isEmpty() || lengths.isEmpty() ? Optional.empty() : Optional.of(template);
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> report(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private void readLayers(boolean raw) {
        if (!raw) {
            layers.add(Layer.ETHERNET);
        }
        readFields(Layer.ETHERNET, frame);
        List<Section> tags = frame.tables(FrameKeys.VLAN);
        if (tags.size() > TAGS.size()) {
            frame.problem(FrameKeys.VLAN.name(), "must be at most " + TAGS.size() + " tags, not " + tags.size());
        }
        for (int i = 0; i < Math.min(tags.size(), TAGS.size()); i++) {
            readLayer(TAGS.get(i), tags.get(i));
        }
        for (Layer layer : EnumSet.range(Layer.ARP, Layer.ICMPV6)) {
            frame.table(FrameKeys.header(layer)).ifPresent(section -> readLayer(layer, section));
        }
    }

    private void readLayer(Layer layer, Section section) {
        layers.add(layer);
        readFields(layer, section);
        section.reportUnknownKeys();
    }

    private void readFields(Layer layer, Section section) {
        for (Field field : Field.of(layer)) {
            Optional<FieldValue> value = section.given(HeaderKeys.key(field));
            value.ifPresent(given -> fields.put(field, given));
            refused |= value.isEmpty() && section.has(field.key());
            if (value.isEmpty() && section.has(field.key())) {
                fields.put(field, FieldEntry.placeholder(field)); // it is not missing
            }
        }
    }

    private Optional<FrameLengths> lengths() {
        List<Integer> weights = frame.value(FrameKeys.WEIGHTS);
        Optional<String> name = frame.value(FrameKeys.LENGTH, TemplateReader::lengthName);
        try {
            if (name.filter(FrameKeys.IMIX::equals).isPresent()) {
                if (!weights.isEmpty()) {
                    frame.problem(FrameKeys.WEIGHTS, "does not go with \"imix\", which has its own");
                }
                return Optional.of(FrameLengths.IMIX);
            }
            List<Integer> lengths =
                    name.filter(String::isEmpty).isPresent() ? frame.oneOrMore(FrameKeys.LENGTH) : List.of();
            if (name.isEmpty() && frame.has(FrameKeys.LENGTH)) {
                return Optional.empty();
            }
            return Optional.of(new FrameLengths(lengths, weights));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> frame.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    /** Empty for numbers. */
    private static String lengthName(Entry entry) {
        if (entry instanceof Entry.Scalar scalar && scalar.value() instanceof String text) {
            if (!text.equals(FrameKeys.IMIX)) {
                throw new IllegalArgumentException(
                        "must be bytes such as 60, a list such as [60, 590, 1514], or \"imix\", not "
                                + Quoted.of(text));
            }
            return text;
        }
        return "";
    }

    private List<Variation> variations() {
        List<Variation> variations = new ArrayList<>();
        for (Section section : frame.tables(FrameKeys.VARY)) {
            Optional<Variation> variation = VariationReader.read(section);
            variation.ifPresent(variations::add);
            refused |= variation.isEmpty();
            section.reportUnknownKeys();
        }
        return refused ? List.of() : variations;
    }

    private Mark mark(Section section) {
        Mark mark = new Mark(
                section.value(FrameKeys.MARK_STREAM).intValue(),
                section.value(FrameKeys.MARK_FIRST),
                section.value(FrameKeys.MARK_CHECK));
        section.reportUnknownKeys();
        return mark;
    }

    /** Notes a problem of the template where the key stands that it is about. */
    private void report(String path, String message) {
        int dot = path.lastIndexOf('.');
        String key = path.substring(dot + 1);
        Optional<Section> section = dot < 0 ? Optional.of(frame) : section(path.substring(0, dot));
        section.orElse(frame).problem(key, message);
    }

    private Optional<Section> section(String path) {
        for (Layer tag : TAGS) {
            if (path.equals(tag.key())) {
                return Optional.of(frame.tables(FrameKeys.VLAN).get(TAGS.indexOf(tag)));
            }
        }
        if (path.startsWith("vary[")) {
            int index = Integer.parseInt(path.substring("vary[".length(), path.length() - 1));
            return Optional.of(frame.tables(FrameKeys.VARY).get(index));
        }
        return FrameKeys.TABLE.inside(path).flatMap(frame::table);
    }
}
