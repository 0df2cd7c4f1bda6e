package io.ringtap.capture.pcap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads what the processors have counted of received frames: /proc/net/softnet_stat, a line for each (net/core/net-procfs.c,
 * softnet_seq_show). It is of the machine, whichever network namespace asks. Any thread.
 */
final class SoftnetCounters {
    private static final Path COUNTS = Path.of("/proc/self/net/softnet_stat");
    private static final Path MAX_BACKLOG = Path.of("/proc/sys/net/core/netdev_max_backlog");
    private static final int DROPPED_COLUMN = 1;
    private static final int SQUEEZED_COLUMN = 2;

    /** Which processor, from Linux 5.10 on: lines are of those that are online. */
    private static final int PROCESSOR_COLUMN = 12;

    private static final int HEX = 16;

    /** A processor's counter: of 32 bits, and one for each processor, so that each wraps by itself. */
    record Counter(boolean dropped, long processor) {}

    private SoftnetCounters() {}

    /** Returns the counters now; none if they cannot be read. */
    static Map<Counter, Long> read() {
        try {
            return parse(Files.readAllLines(COUNTS));
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** Returns the counters that lines tell. @throws NumberFormatException if they are not what Linux writes */
    static Map<Counter, Long> parse(List<String> lines) {
        Map<Counter, Long> counters = new LinkedHashMap<>();
        for (String line : lines) {
            String[] columns = line.strip().split(" +");
            long processor =
                    columns.length > PROCESSOR_COLUMN ? number(columns, PROCESSOR_COLUMN) : counters.size() / 2;
            counters.put(new Counter(true, processor), number(columns, DROPPED_COLUMN));
            counters.put(new Counter(false, processor), number(columns, SQUEEZED_COLUMN));
        }
        return counters;
    }

    private static long number(String[] columns, int column) {
        return Long.parseLong(columns[column], HEX);
    }

    /** Returns net.core.netdev_max_backlog; absent in a network namespace of its own, or a sandbox without /proc/sys. */
    static OptionalLong maxBacklog() {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(MAX_BACKLOG).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
