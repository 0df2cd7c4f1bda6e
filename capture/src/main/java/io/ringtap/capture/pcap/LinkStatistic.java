package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** The statistics of an interface's received frames, 64 bits each: {@code struct rtnl_link_stats64} of linux/if_link.h. */
enum LinkStatistic {
    RX_ERRORS(4),
    RX_DROPPED(6),
    RX_LENGTH_ERRORS(10),
    RX_OVER_ERRORS(11),
    RX_CRC_ERRORS(12),
    RX_FRAME_ERRORS(13),
    RX_FIFO_ERRORS(14),
    RX_MISSED_ERRORS(15);

    private final int place;

    LinkStatistic(int place) {
        this.place = place;
    }

    /** Returns all of them, from such a struct. */
    static Map<LinkStatistic, Long> of(MemorySegment struct) {
        Map<LinkStatistic, Long> statistics = new EnumMap<>(LinkStatistic.class);
        for (LinkStatistic each : values()) {
            statistics.put(each, struct.get(JAVA_LONG_UNALIGNED, (long) each.place * Long.BYTES));
        }
        return statistics;
    }
}
