package io.ringtap.daemon.cli.top;

import java.util.List;

/** Bars and lines of characters. */
final class Chart {
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final int EIGHTHS = 8;

    private Chart() {}

    /** A bar of a width in characters, with brackets: the share of it that is full, from 0 to 1. */
    static String bar(double share, int width) {
        int room = Math.max(0, width - 2);
        double part = Math.clamp(share, 0, 1);
        int full = part > 0 ? Math.max(1, (int) Math.round(part * room)) : 0; // what is there is seen
        return "[" + "|".repeat(Math.min(full, room)) + " ".repeat(room - Math.min(full, room)) + "]";
    }

    /** The last of some values, a character each, the highest of them as high as can be; those that are 0 are empty. */
    static String line(List<Double> values, int width) {
        List<Double> shown = values.subList(Math.max(0, values.size() - width), values.size());
        double most = shown.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder line = new StringBuilder(" ".repeat(width - shown.size()));
        for (double value : shown) {
            int height = most > 0 && value > 0 ? Math.max(1, (int) Math.round(EIGHTHS * value / most)) : 0;
            line.append(BLOCKS.charAt(height));
        }
        return line.toString();
    }
}
