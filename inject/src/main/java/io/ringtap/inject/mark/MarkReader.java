package io.ringtap.inject.mark;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import java.util.zip.CRC32C;

/**
 * Finds the {@link Mark} in a frame, right behind the EtherType or at the end of a UDP datagram, by the frame's outermost
 * {@link Headers}. Fragments have none. Makes no garbage once it has seen the longest frame. For one thread at a time.
 */
public final class MarkReader {
    private static final int UDP_BYTES = 8;

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
        Headers headers = frame.headers();
        if (headers.etherType() == Mark.ETHERTYPE) {
            return readFirst(frame, headers.payloadOffset());
        }
        return headers.isUdp() && !headers.isFragment() ? readUdp(frame, headers.transportOffset()) : Result.NONE;
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
