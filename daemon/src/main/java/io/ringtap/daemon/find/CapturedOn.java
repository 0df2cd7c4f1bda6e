package io.ringtap.daemon.find;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * An interface that a file has frames of.
 *
 * @param linkType by its number in draft-ietf-opsawg-pcaplinktype
 * @param snaplen 0 for any
 * @param options of its description in pcapng that say what it is, in native byte order; other files have none
 * @param unitsPerSecond of its frames' times
 * @param offsetSeconds to be added to them
 */
record CapturedOn(int linkType, int snaplen, ByteBuffer options, long unitsPerSecond, long offsetSeconds) {
    private static final long NANOS = 1_000_000_000L;
    private static final int COMMENT = 1;

    /** The texts, of any byte order: comment, if_name, if_description, if_filter, if_os, if_hardware; and if_fcslen. */
    private static final Set<Integer> KEPT = Set.of(COMMENT, 2, 3, 11, 12, 13, 15);

    private static final int TIME_RESOLUTION = 9;
    private static final int TIME_OFFSET = 14;
    private static final long MICROSECONDS = 1_000_000;

    /** Of a file that describes none. */
    static CapturedOn file(int linkType, int snaplen, boolean nanoseconds) {
        return new CapturedOn(linkType, snaplen, ByteBuffer.allocate(0), nanoseconds ? NANOS : MICROSECONDS, 0);
    }

    /** By the description from an index to another, its type and lengths left out. */
    static CapturedOn described(ByteBuffer source, int from, int to) {
        ByteBuffer kept = ByteBuffer.allocate(to - from).order(ByteOrder.nativeOrder());
        long units = MICROSECONDS;
        long offset = 0;
        int at = from + 8;
        while (to - at >= 4) {
            int code = source.getShort(at) & 0xffff;
            int length = source.getShort(at + 2) & 0xffff;
            int next = at + 4 + (length + 3 & ~3);
            if (code == 0 || next > to) {
                break;
            }
            if (KEPT.contains(code)) {
                kept.putShort((short) code).putShort((short) length);
                kept.put(source.duplicate().limit(next).position(at + 4));
            } else if (code == TIME_RESOLUTION && length == 1) {
                units = units(source.get(at + 4));
            } else if (code == TIME_OFFSET && length == 8) {
                offset = source.getLong(at + 4);
            }
            at = next;
        }
        int linkType = source.getShort(from) & 0xffff;
        return new CapturedOn(linkType, source.getInt(from + 4), kept.flip(), units, offset);
    }

    private static long units(byte resolution) {
        int exponent = resolution & 0x7f;
        if (resolution < 0) {
            return exponent > 62 ? 0 : 1L << exponent;
        }
        long units = 1;
        for (int i = 0; i < exponent; i++) {
            units = exponent > 18 ? 0 : units * 10;
        }
        return units;
    }

    /** A time of its frames, nanoseconds since 1970. */
    long nanos(long time) {
        if (unitsPerSecond == NANOS && offsetSeconds == 0) {
            return time;
        }
        if (unitsPerSecond == 0) { // finer than a long holds seconds of
            return 0;
        }
        long seconds = Long.divideUnsigned(time, unitsPerSecond);
        long fraction = Long.remainderUnsigned(time, unitsPerSecond);
        long nanos = unitsPerSecond <= NANOS
                ? fraction * (NANOS / unitsPerSecond) + fraction * (NANOS % unitsPerSecond) / unitsPerSecond
                : (long) (fraction * (double) NANOS / unitsPerSecond);
        return (seconds + offsetSeconds) * NANOS + nanos;
    }
}
