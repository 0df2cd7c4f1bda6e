package io.ringtap.handler.flows;

import io.ringtap.testnet.VethPair;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Conversations by their two ends, each figure as {@code tshark -z conv} prints it: that cuts sizes of 10,000 bytes and more
 * to kilobytes, and times to a ten-thousandth of a second.
 */
final class Conversations {
    private static final Pattern LINE = Pattern.compile(
            "(\\S+) +<-> (\\S+) +(\\d+) (\\d+ \\S+) +(\\d+) (\\d+ \\S+)" + " +\\d+ \\d+ \\S+ +([0-9.]+) +([0-9.]+)");

    private Conversations() {}

    /** What tshark makes of a file. */
    static Map<String, String> byTshark(Path file, String kind, String filter) {
        Map<String, String> conversations = new TreeMap<>();
        String output = VethPair.run(
                "tshark",
                "-n",
                "-q",
                "-r",
                file.toString(),
                "-z",
                "conv," + kind + (filter.isEmpty() ? "" : "," + filter));
        for (String line : output.lines().filter(l -> l.contains("<->")).toList()) {
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                throw new IllegalStateException("tshark has changed its output: " + line);
            }
            String toA = m.group(3) + " frames " + m.group(4);
            String toB = m.group(5) + " frames " + m.group(6);
            String times = " start " + m.group(7) + " for " + m.group(8);
            String before =
                    conversations.put(name(m.group(1), m.group(2)), text(m.group(1), toB, toA, m.group(2)) + times);
            if (before != null) {
                throw new IllegalStateException("two conversations between the same ends: " + line);
            }
        }
        return conversations;
    }

    /** What flows are when those with the same ends are taken together. */
    static Map<String, String> of(
            List<FlowRow> flows,
            Predicate<FlowRow> which,
            Function<FlowRow, String> source,
            Function<FlowRow, String> destination,
            long startNanos) {
        Map<String, List<FlowRow>> sameEnds = flows.stream()
                .filter(which)
                .collect(Collectors.groupingBy(flow -> name(source.apply(flow), destination.apply(flow))));
        Map<String, String> conversations = new TreeMap<>();
        sameEnds.forEach((name, same) -> {
            Sum sum = new Sum(name.substring(0, name.indexOf(' ')));
            same.forEach(flow -> sum.add(flow, source.apply(flow)));
            conversations.put(name, sum.text(name.substring(name.lastIndexOf(' ') + 1), startNanos));
        });
        return conversations;
    }

    private static String name(String a, String b) {
        return a.compareTo(b) <= 0 ? a + " - " + b : b + " - " + a;
    }

    private static String text(String a, String fromA, String fromB, String b) {
        return a.compareTo(b) <= 0
                ? a + " sent " + fromA + ", " + b + " sent " + fromB
                : b + " sent " + fromB + ", " + a + " sent " + fromA;
    }

    /** As tshark's format_size() does. */
    private static String size(long bytes) {
        long size = bytes;
        String unit = "bytes";
        for (String larger : List.of("kB", "MB", "GB")) {
            if (size < 10_000) {
                break;
            }
            size /= 1_000;
            unit = larger;
        }
        return size + " " + unit;
    }

    private static final class Sum {
        private final String a;
        private long framesFromA;
        private long bytesFromA;
        private long framesFromB;
        private long bytesFromB;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        private Sum(String a) {
            this.a = a;
        }

        private void add(FlowRow flow, String source) {
            boolean forwardFromA = source.equals(a);
            FlowRow.Direction fromA = forwardFromA ? flow.forward() : flow.reverse();
            FlowRow.Direction fromB = forwardFromA ? flow.reverse() : flow.forward();
            framesFromA += fromA.frames();
            bytesFromA += fromA.bytes();
            framesFromB += fromB.frames();
            bytesFromB += fromB.bytes();
            first = Math.min(first, flow.firstNanos());
            last = Math.max(last, flow.lastNanos());
        }

        private String text(String b, long startNanos) {
            String fromA = framesFromA + " frames " + size(bytesFromA);
            String fromB = framesFromB + " frames " + size(bytesFromB);
            String times = String.format(Locale.ROOT, " start %.9f for ", (first - startNanos) / 1e9);
            double duration = seconds(last - startNanos) - seconds(first - startNanos);
            return Conversations.text(a, fromA, fromB, b) + times + asPrintf(duration);
        }

        /** As nstime_to_sec() of tshark, which takes the difference of two such. */
        private static double seconds(long nanos) {
            long whole = nanos / 1_000_000_000;
            return whole + nanos % 1_000_000_000 / 1e9;
        }

        /** C's %.4f rounds the double's own value, of which half a unit is rarely one; Java's what it would print of it. */
        private static String asPrintf(double seconds) {
            return new BigDecimal(seconds).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
        }
    }
}
