package io.ringtap.frame;

import java.nio.ByteBuffer;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IllegalRawDataException;

/**
 * A captured layer-2 frame, borrowed: a handler's frame is valid only until {@code onFrame} returns, and only on the
 * thread that got it; {@link #copy()} keeps it.
 *
 * <p>Offsets count bytes from the first byte of the destination address. Numbers are read in network byte order. A
 * frame is untrusted input: it may be shorter than any header says. Reading outside {@code [0, length())} throws
 * {@link IndexOutOfBoundsException}.
 */
public interface Frame {
    /** The EtherType that {@link #etherType()} gives for an IEEE 802.3 frame, whose field is a length. */
    int ETHERTYPE_LENGTH = 0;

    /** Captured bytes in this frame: at most the snaplen, VLAN tags included, frame check sequence not. */
    int length();

    /** Bytes the frame had on the link; more than {@link #length()} if the snaplen cut it. */
    int originalLength();

    /** Nanoseconds since 1970-01-01T00:00Z, as the kernel (or the capture file) stamped the frame. */
    long timestampNanos();

    /** The name of the capture that took the frame. */
    String captureName();

    /** The byte at an offset. */
    byte byteAt(int offset);

    /** Copies {@code count} bytes from {@code offset} on to {@code target[targetOffset...]}. */
    void copyTo(int offset, byte[] target, int targetOffset, int count);

    /** Copies {@code count} bytes from {@code offset} on into a buffer, at an index; its position stays. */
    default void copyTo(int offset, ByteBuffer target, int targetIndex, int count) {
        byte[] bytes = new byte[count];
        copyTo(offset, bytes, 0, count);
        target.put(targetIndex, bytes);
    }

    /** The byte at an offset, 0 to 255. */
    default int unsignedByteAt(int offset) {
        return byteAt(offset) & 0xff;
    }

    /** Two bytes from an offset on, 0 to 65,535. */
    default int unsignedShortAt(int offset) {
        return unsignedByteAt(offset) << 8 | unsignedByteAt(offset + 1);
    }

    /** Four bytes from an offset on. */
    default int intAt(int offset) {
        return unsignedShortAt(offset) << 16 | unsignedShortAt(offset + 2);
    }

    /** Eight bytes from an offset on. */
    default long longAt(int offset) {
        return ((long) intAt(offset) << 32) | (intAt(offset + 4) & 0xffff_ffffL);
    }

    /**
     * The EtherType behind all VLAN tags (802.1Q, 802.1ad), 0x0600 to 0xffff; {@link #ETHERTYPE_LENGTH} for an 802.3 length
     * field, and for a frame that ends before its type.
     */
    default int etherType() {
        return HeaderWalk.etherType(this);
    }

    /**
     * The headers of this frame, and of what is inside of it. Of a borrowed frame they are decoded when first asked for, shared by
     * all handlers of the thread, and borrowed as the frame is; of a copy, which any thread may have, each call decodes anew.
     */
    default Headers headers() {
        return Headers.over(this, TunnelPorts.DEFAULT).decode();
    }

    /** A hash that is the same for both directions of the innermost conversation: see {@link FlowHash}. */
    default int flowHash() {
        return FlowHash.of(headers().innermost());
    }

    /** The captured bytes, in an array of their own. */
    default byte[] toByteArray() {
        byte[] bytes = new byte[length()];
        copyTo(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** A frame with the same content that is valid for ever and on every thread. */
    default Frame copy() {
        return new HeapFrame(toByteArray(), originalLength(), timestampNanos(), captureName());
    }

    /**
     * The frame dissected by pcap4j's static packet factory. It copies, and takes microseconds: for the frame in a
     * thousand that matters, not for each.
     *
     * @throws IllegalArgumentException if fewer than 14 bytes were captured, or fewer than an IEEE 802.3 length field
     *     says. A bad inner header becomes an {@code IllegalPacket} inside, but for some, such as an IPv6 option's length,
     *     that pcap4j 1.8 throws on
     */
    default EthernetPacket packet() {
        byte[] bytes = toByteArray();
        if (bytes.length < 14) {
            throw new IllegalArgumentException("not an Ethernet frame: captured bytes: " + bytes.length);
        }
        try {
            return EthernetPacket.newPacket(bytes, 0, bytes.length);
        } catch (IllegalRawDataException e) {
            throw new IllegalArgumentException("not an Ethernet frame: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cannot be dissected: " + e.getMessage(), e);
        }
    }

    /** A frame of its own over {@code bytes}, which it keeps: for tests, and for frames made by a program. */
    static Frame of(byte[] bytes, int originalLength, long timestampNanos, String captureName) {
        return new HeapFrame(bytes, originalLength, timestampNanos, captureName);
    }
}
