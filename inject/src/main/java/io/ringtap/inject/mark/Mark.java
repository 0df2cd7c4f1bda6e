package io.ringtap.inject.mark;

/**
 * The mark that a receiver knows our frames by: {@value #BYTES} bytes, numbers in network byte order.
 *
 * <pre>
 *  0  4  magic, "RTAP"
 *  4  1  version, 1
 *  5  1  flags; bit 0: the last field is set
 *  6  2  length of the payload that the mark is part of, in bytes, the mark's own among them
 *  8  8  number of the frame in its stream
 * 16  8  when it was handed to the sending interface, in nanoseconds since 1970-01-01T00:00Z
 * 24  4  stream
 * 28  4  CRC-32C of the payload, in order, without these four bytes
 * </pre>
 *
 * In a frame of EtherType {@value #ETHERTYPE} the payload is what follows the type, and begins with the mark: what
 * Ethernet pads it with comes behind. In a UDP datagram it ends with the mark. Headers are not under the CRC, so that
 * a frame that was routed is not taken for a damaged one.
 *
 * @param stream tells streams apart that a receiver sees together
 * @param first the number of the first frame
 * @param check whether the payload gets a CRC, which costs time for each byte of it
 */
public record Mark(int stream, long first, boolean check) {
    /** IEEE 802 Local Experimental Ethertype 1. */
    public static final int ETHERTYPE = 0x88b5;

    public static final int BYTES = 32;

    /** "RTAP". */
    public static final int MAGIC = 0x52_54_41_50;

    public static final int VERSION = 1;
    public static final int CHECKED = 1;

    public static final int VERSION_AT = 4;
    public static final int FLAGS_AT = 5;
    public static final int LENGTH_AT = 6;
    public static final int SEQUENCE_AT = 8;
    public static final int TIME_AT = 16;
    public static final int STREAM_AT = 24;
    public static final int CRC_AT = 28;
}
