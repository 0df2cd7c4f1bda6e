package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a driver for its own statistics, as {@code ethtool -S} does: by the ioctls of linux/ethtool.h that need no capability. Of the
 * many that a driver has, those of {@link DriverCounters}. One thread's at a time.
 *
 * <pre>{@code
 * ETHTOOL_GSSET_INFO  command, reserved, mask of sets (64 bits), count        how many; each look, for queues come and go
 * ETHTOOL_GSTRINGS    command, set, count │ name, 32 bytes │ name …           when there are more or fewer than before
 * ETHTOOL_GSTATS      command, count │ value, 64 bits │ value …               in the order of the names
 * }</pre>
 *
 * <p>The memory is that of one look. A driver that has no statistics (EOPNOTSUPP), or an interface that is gone, gives none.
 */
final class DriverStatistics {
    private static final int GDRVINFO = 0x3;
    private static final int GSTRINGS = 0x1b;
    private static final int GSTATS = 0x1d;
    private static final int GSSET_INFO = 0x37;
    private static final int STATISTICS = 1; // ETH_SS_STATS
    private static final int NAME_BYTES = 32; // ETH_GSTRING_LEN
    private static final int DRVINFO_BYTES = 196;
    private static final int SSET_INFO_BYTES = 24;
    private static final int GSTRINGS_HEADER_BYTES = 12;
    private static final int GSTATS_HEADER_BYTES = 8;

    /** Linux may write as many as there are by then, whatever count it is told: a driver may have got more queues meanwhile. */
    private static final int SPARE = 2_048;

    private final InterfaceQuery query;
    private String name = ""; // as the driver has it: an alternative one may be longer than an ioctl can hold
    private List<DriverCounters.Counter> counters = List.of(); // by place; null: of no interest
    private int count = -1;

    DriverStatistics(InterfaceQuery query) {
        this.query = query;
    }

    /** From here on it asks about the interface that the kernel calls so, which may have another driver than before. */
    void begin(String deviceName) {
        name = deviceName;
        count = -1;
    }

    /** Returns what each counter of interest has counted, queues summed up; none if the driver has none, or is gone. */
    Map<DriverCounters.Counter, Long> read() {
        try (Arena arena = Arena.ofConfined()) {
            int now = count(arena);
            if (now != count) {
                counters = now > 0 ? counters(arena, now) : List.of();
                count = now;
            }
            return counters.stream().allMatch(counter -> counter == null) ? Map.of() : values(arena);
        }
    }

    private int count(Arena arena) {
        MemorySegment info = arena.allocate(SSET_INFO_BYTES, Long.BYTES);
        info.set(JAVA_INT, 0, GSSET_INFO);
        info.set(JAVA_LONG, 8, 1L << STATISTICS);
        boolean told = query.ethtool(name, info) && info.get(JAVA_LONG, 8) != 0;
        return told ? info.get(JAVA_INT, 16) : 0;
    }

    private List<DriverCounters.Counter> counters(Arena arena, int number) {
        MemorySegment info = arena.allocate(DRVINFO_BYTES, Integer.BYTES);
        info.set(JAVA_INT, 0, GDRVINFO);
        String driver = query.ethtool(name, info) ? text(info, Integer.BYTES) : "";
        MemorySegment strings =
                arena.allocate(GSTRINGS_HEADER_BYTES + (long) (number + SPARE) * NAME_BYTES, Integer.BYTES);
        strings.set(JAVA_INT, 0, GSTRINGS);
        strings.set(JAVA_INT, 4, STATISTICS);
        strings.set(JAVA_INT, 8, number);
        if (!query.ethtool(name, strings) || strings.get(JAVA_INT, 8) != number) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            names.add(text(strings, GSTRINGS_HEADER_BYTES + (long) i * NAME_BYTES));
        }
        return DriverCounters.of(driver, names);
    }

    private Map<DriverCounters.Counter, Long> values(Arena arena) {
        MemorySegment values = arena.allocate(GSTATS_HEADER_BYTES + (long) (count + SPARE) * Long.BYTES, Long.BYTES);
        values.set(JAVA_INT, 0, GSTATS);
        values.set(JAVA_INT, 4, count);
        if (!query.ethtool(name, values) || values.get(JAVA_INT, 4) != count) {
            return Map.of(); // by the next look it has settled
        }
        Map<DriverCounters.Counter, Long> sums = new LinkedHashMap<>();
        for (int i = 0; i < counters.size(); i++) {
            if (counters.get(i) != null) {
                long value = values.get(JAVA_LONG, GSTATS_HEADER_BYTES + (long) i * Long.BYTES);
                sums.merge(counters.get(i), value, Long::sum);
            }
        }
        return sums;
    }

    /** The name at a place, which need not end with a zero. */
    private static String text(MemorySegment memory, long place) {
        byte[] bytes = memory.asSlice(place, NAME_BYTES).toArray(JAVA_BYTE);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
