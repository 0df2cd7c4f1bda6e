package io.ringtap.inject.mark;

import io.ringtap.frame.EtherHeader;
import io.ringtap.frame.Frame;
import java.util.zip.CRC32C;

/**
 * Finds the {@link Mark} in a frame, behind up to four VLAN tags, right behind the EtherType or at the end of a UDP
 * datagram over IPv4 (options and all, but not fragments) or IPv6 (without extension headers). Makes no garbage once it
 * has seen the longest frame. For one thread at a time.
 */
public final class MarkReader {
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP = 17;
    private static final int UDP_BYTES = 8;
    private static final int FRAGMENT = 0x3fff; // more fragments, or an offset

    private final CRC32C crc = new CRC32C();
    private byte[] payload = new byte[2048];
    private int stream;
    private long sequence;
    private long timeNanos;

    /** The kinds of frames. */
    public enum Result {
        /** There is no mark of ours in it. */
        NONE,
        /** Marked, and as it was sent; or sent without a CRC. */
        WHOLE,
        /** Marked, but not as it was sent: neither its stream nor its number can be believed. */
        DAMAGED,
        /** Marked, but too little of it was captured to check it: the snaplen is too small. */
        CUT
    }

    /** Reads a frame; the methods below tell of this frame then, unless it is {@link Result#NONE}. */
    public Result read(Frame frame) {
        int typeAt = EtherHeader.typeOffset(frame);
        if (typeAt < 0) {
            return Result.NONE;
        }
        int start = typeAt + Short.BYTES;
        return switch (frame.unsignedShortAt(typeAt)) {
            case Mark.ETHERTYPE -> readFirst(frame, start);
            case IPV4 -> readIpv4(frame, start);
            case IPV6 -> readIpv6(frame, start);
            default -> Result.NONE;
        };
    }

    /** The stream, 32 bits without sign. */
    public int stream() {
        return stream;
    }

    /** The frame's number in its stream. */
    public long sequence() {
        return sequence;
    }

    /** Returns when it was handed to the sending interface, in nanoseconds since 1970 by the sender's clock. */
    public long timeNanos() {
        return timeNanos;
    }

    private Result readFirst(Frame frame, int start) {
        if (frame.length() < start + Mark.BYTES) {
            return Result.NONE;
        }
        int length = frame.unsignedShortAt(start + Mark.LENGTH_AT);
        return read(frame, start, start, length);
    }

    private Result readIpv4(Frame frame, int start) {
        if (frame.length() < start + IPV4_BYTES) {
            return Result.NONE;
        }
        int headerBytes = (frame.unsignedByteAt(start) & 0xf) * Integer.BYTES;
        boolean whole = (frame.unsignedShortAt(start + 6) & FRAGMENT) == 0;
        return whole && headerBytes >= IPV4_BYTES && frame.unsignedByteAt(start + 9) == UDP
                ? readUdp(frame, start + headerBytes)
                : Result.NONE;
    }

    private Result readIpv6(Frame frame, int start) {
        return frame.length() >= start + IPV6_BYTES && frame.unsignedByteAt(start + 6) == UDP
                ? readUdp(frame, start + IPV6_BYTES)
                : Result.NONE;
    }

    private Result readUdp(Frame frame, int start) {
        if (frame.length() < start + UDP_BYTES) {
            return Result.NONE;
        }
        int length = frame.unsignedShortAt(start + 4) - UDP_BYTES;
        int mark = start + UDP_BYTES + length - Mark.BYTES;
        return length < Mark.BYTES || mark + Mark.BYTES > frame.length()
                ? Result.NONE
                : read(frame, start + UDP_BYTES, mark, length);
    }

    private Result read(Frame frame, int start, int mark, int length) {
        if (frame.intAt(mark) != Mark.MAGIC || frame.byteAt(mark + Mark.VERSION_AT) != Mark.VERSION) {
            return Result.NONE;
        }
        stream = frame.intAt(mark + Mark.STREAM_AT);
        sequence = frame.longAt(mark + Mark.SEQUENCE_AT);
        timeNanos = frame.longAt(mark + Mark.TIME_AT);
        if ((frame.byteAt(mark + Mark.FLAGS_AT) & Mark.CHECKED) == 0) {
            return Result.WHOLE;
        }
        boolean fits = length >= Mark.BYTES && length == frame.unsignedShortAt(mark + Mark.LENGTH_AT);
        if (!fits || start + length > frame.originalLength()) {
            return Result.DAMAGED;
        }
        if (start + length > frame.length()) {
            return Result.CUT;
        }
        return crc(frame, start, mark + Mark.CRC_AT - start, length) == frame.intAt(mark + Mark.CRC_AT)
                ? Result.WHOLE
                : Result.DAMAGED;
    }

    private int crc(Frame frame, int start, int crcAt, int length) {
        if (payload.length < length) {
            payload = new byte[1 << Short.SIZE];
        }
        frame.copyTo(start, payload, 0, length);
        crc.reset();
        crc.update(payload, 0, crcAt);
        crc.update(payload, crcAt + Integer.BYTES, length - crcAt - Integer.BYTES);
        return (int) crc.getValue();
    }
}
