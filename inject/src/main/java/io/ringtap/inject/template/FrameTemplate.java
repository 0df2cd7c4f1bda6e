package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.mark.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.pcap4j.util.MacAddress;

/**
 * The template of a stream's frames. Immutable and valid.
 *
 * @param layers the headers, Ethernet among them; empty with a raw frame
 * @param fields what is given of them; the rest follows or has a default
 * @param content what comes behind them, or in place of them
 * @param lengths how long the frames are
 * @param variations what is not the same in all of them
 * @param mark what a receiver counts them by
 */
@NullMarked
public record FrameTemplate(
        Set<Layer> layers,
        Map<Field, FieldValue> fields,
        Content content,
        FrameLengths lengths,
        List<Variation> variations,
        Optional<Mark> mark) {
    /** Destination, source and EtherType. */
    public static final int HEADER_BYTES = 14;

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public FrameTemplate {
        EnumSet<Layer> inOrder = EnumSet.noneOf(Layer.class);
        inOrder.addAll(layers);
        layers = Collections.unmodifiableSet(inOrder);
        EnumMap<Field, FieldValue> byField = new EnumMap<>(Field.class);
        byField.putAll(fields);
        fields = Collections.unmodifiableMap(byField);
        variations = List.copyOf(variations);
        List<Problem> problems =
                new TemplateCheck(new Layout(layers), fields, content, lengths, variations, mark).problems();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Frames that are all the same: an Ethernet header and a payload.
     *
     * @param destination the destination address
     * @param source the source address; absent for the sending interface's own
     * @param etherType 0x0600 to 0xffff
     * @param payload hexadecimal digits, two a byte, with or without white space between bytes; at most {@value
     *     Content#MAX_BYTES} bytes, though an interface's MTU is usually far less
     * @throws InvalidConfigException with every problem there is
     */
    public static FrameTemplate of(MacAddress destination, Optional<MacAddress> source, int etherType, String payload) {
        Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
        fields.put(Field.DESTINATION, FieldValue.of(destination));
        source.ifPresent(address -> fields.put(Field.SOURCE, FieldValue.of(address)));
        fields.put(Field.ETHERTYPE, FieldValue.of(etherType));
        List<Problem> problems = new ArrayList<>();
        Content content = Content.NONE;
        try {
            content = Content.payload(Content.parseHex(payload));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("payload", String.valueOf(e.getMessage())));
        }
        try {
            FrameTemplate template = new FrameTemplate(
                    EnumSet.of(Layer.ETHERNET), fields, content, FrameLengths.OF_CONTENT, List.of(), Optional.empty());
            if (problems.isEmpty()) {
                return template;
            }
        } catch (InvalidConfigException e) {
            problems.addAll(0, e.problems());
        }
        throw new InvalidConfigException(problems);
    }

    /**
     * The frames, ready to be sent: each from its destination address on, without frame check sequence. They are not
     * padded to Ethernet's minimum of 60 bytes unless a length says so: network cards do that on the wire, and a virtual
     * link carries, and shows in a capture, exactly what is configured.
     *
     * @param own the source address if the template has none
     */
    public CompiledTemplate compile(MacAddress own) {
        return TemplateCompiler.compile(this, own);
    }

    Layout layout() {
        return new Layout(layers);
    }

    /** The least that its headers, content and mark take. */
    int contentBytes() {
        return layout().headerBytes() + content.bytes().length + (mark.isPresent() ? Mark.BYTES : 0);
    }
}
