package io.ringtap.inject.template;

import java.util.List;

/**
 * An Internet checksum (RFC 1071) that is kept right by adding up what varies: RFC 1624, equation 3, with the old value
 * taken as 0. The sum of what does not vary is made once; so a frame's checksum costs a few additions for each patch, and
 * does not depend on the frame before it.
 *
 * @param offset where it stands
 * @param constant the sum of all that it covers, with zeros for what varies
 * @param masks for each patch, those of its bits that the checksum covers
 * @param zeroIsNone whether a sum that comes out as 0 is written as all ones: RFC 768, where 0 means that there is none
 */
public record Checksum(int offset, long constant, long[] masks, boolean zeroIsNone) {
    /** The fields that hold one. */
    static final List<Field> FIELDS = List.of(
            Field.IPV4_CHECKSUM, Field.UDP_CHECKSUM, Field.TCP_CHECKSUM, Field.ICMP_CHECKSUM, Field.ICMPV6_CHECKSUM);

    /** Returns what a patch's bytes add to the sum. */
    long share(int patch, Patch bytes, long value) {
        return sum(value & masks[patch], (bytes.offset() + bytes.width() & 1) != 0);
    }

    /** The checksum for the sum of the constant part and of every patch's share. */
    short of(long shares) {
        int checksum = ~fold(constant + shares) & 0xffff;
        return (short) (checksum == 0 && zeroIsNone ? 0xffff : checksum);
    }

    /** The words of a number whose last byte ends a word, or begins one. */
    static long sum(long value, boolean lastBeginsWord) {
        return lastBeginsWord
                ? (value >>> 56)
                        + (value >>> 40 & 0xffff)
                        + (value >>> 24 & 0xffff)
                        + (value >>> 8 & 0xffff)
                        + ((value & 0xff) << 8)
                : (value >>> 48) + (value >>> 32 & 0xffff) + (value >>> 16 & 0xffff) + (value & 0xffff);
    }

    static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}
