package io.ringtap.capturefile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the pcapng format by hand, from draft-ietf-opsawg-pcapng. */
public final class PcapngWriter {
    /** The resolution when an interface has no {@code if_tsresol}. */
    public static final int MICROSECONDS = 6;

    public static final int NANOSECONDS = 9;

    /** The bit that makes an {@code if_tsresol} a negative power of two. */
    public static final int BINARY = 0x80;

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int IF_TSRESOL = 9;
    private static final int IF_TSOFFSET = 14;

    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts with a section header, and no interface yet. */
    public PcapngWriter(ByteOrder order) {
        this.order = order;
        section();
    }

    /** A new section, whose interfaces are counted from 0 again. */
    public PcapngWriter section() {
        ByteBuffer body = buffer(16);
        body.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1);
        return block(SECTION_HEADER, body);
    }

    public PcapngWriter ethernet(int tsresol) {
        return describe(PcapWriter.ETHERNET, PcapWriter.SNAPLEN, tsresol, 0);
    }

    /** An interface; {@code tsresol} as in the option, which is left out if it is the default. */
    public PcapngWriter describe(int linkType, int snaplen, int tsresol, long tsoffsetSeconds) {
        ByteBuffer body = buffer(64);
        body.putShort((short) linkType).putShort((short) 0).putInt(snaplen);
        if (tsresol != MICROSECONDS) {
            body.putShort((short) IF_TSRESOL).putShort((short) 1).put((byte) tsresol);
            body.put(new byte[3]);
        }
        if (tsoffsetSeconds != 0) {
            body.putShort((short) IF_TSOFFSET).putShort((short) 8).putLong(tsoffsetSeconds);
        }
        body.putInt(0); // end of options
        return block(INTERFACE_DESCRIPTION, body);
    }

    /** An enhanced packet block; {@code timestamp} in units of the interface's resolution. */
    public PcapngWriter enhanced(int interfaceId, long timestamp, byte[] captured, int original) {
        ByteBuffer body = buffer(20 + captured.length);
        body.putInt(interfaceId).putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
        body.putInt(captured.length).putInt(original).put(captured);
        return block(ENHANCED_PACKET, body);
    }

    public PcapngWriter enhanced(int interfaceId, long timestamp, byte[] frame) {
        return enhanced(interfaceId, timestamp, frame, frame.length);
    }

    /** A packet block as written before 2010. */
    public PcapngWriter obsolete(int interfaceId, long timestamp, byte[] frame) {
        ByteBuffer body = buffer(20 + frame.length);
        body.putShort((short) interfaceId).putShort((short) -1);
        body.putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
        body.putInt(frame.length).putInt(frame.length).put(frame);
        return block(OBSOLETE_PACKET, body);
    }

    /** A simple packet block: of the first interface, without a time. */
    public PcapngWriter simple(byte[] frame) {
        ByteBuffer body = buffer(4 + frame.length);
        body.putInt(frame.length).put(frame);
        return block(SIMPLE_PACKET, body);
    }

    /** Any block; its body is padded to a multiple of 4 bytes. */
    public PcapngWriter block(int type, byte[] body) {
        byte[] whole = new byte[padded(body.length)];
        System.arraycopy(body, 0, whole, 0, body.length);
        int total = whole.length + 12;
        u32(type);
        u32(total);
        out.writeBytes(whole);
        u32(total);
        return this;
    }

    /** A block of what was put into the body so far. */
    private PcapngWriter block(int type, ByteBuffer body) {
        byte[] bytes = new byte[body.position()];
        body.get(0, bytes);
        return block(type, bytes);
    }

    private void u32(int value) {
        int inOrder = order == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(inOrder >>> shift);
        }
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** All but the last {@code missing} bytes. */
    public byte[] cutBy(int missing) {
        return FrameBytes.cut(bytes(), out.size() - missing);
    }

    private ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocate(capacity).order(order);
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }
}
