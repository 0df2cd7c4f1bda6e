package io.ringtap.handler.flows;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code ringtap flows} asks.
 *
 * @param by what the largest are told by
 * @param top how many flows
 * @param filter which flows
 */
record FlowQuery(Measure by, int top, FlowFilter filter) {
    private static final int DEFAULT_TOP = 20;
    private static final int MOST_TOP = 1_000;

    /** The measures of a flow, both ways together. */
    enum Measure {
        BYTES,
        FRAMES,
        /** Bits a second over the last seconds. */
        BPS,
        /** Frames a second over the last seconds. */
        PPS;

        double of(FlowEntry flow, long now) {
            return switch (this) {
                case BYTES -> flow.bytes(true) + flow.bytes(false);
                case FRAMES -> flow.frames(true) + flow.frames(false);
                case BPS -> flow.bitsPerSecond(now);
                case PPS -> flow.framesPerSecond(now);
            };
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads it. @throws IllegalArgumentException saying what cannot be asked */
    static FlowQuery read(Map<String, String> parameters) {
        return new FlowQuery(
                by(parameters.getOrDefault("by", Measure.BYTES.text())),
                top(parameters.getOrDefault("top", Integer.toString(DEFAULT_TOP))),
                FlowFilter.parse(parameters.getOrDefault("filter", "")));
    }

    private static Measure by(String text) {
        return Arrays.stream(Measure.values())
                .filter(measure -> measure.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("by must be "
                        + Arrays.stream(Measure.values()).map(Measure::text).collect(Collectors.joining(" or "))));
    }

    private static int top(String text) {
        int top;
        try {
            top = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            top = 0;
        }
        if (top < 1 || top > MOST_TOP) {
            throw new IllegalArgumentException("top must be a number from 1 to " + MOST_TOP);
        }
        return top;
    }
}
