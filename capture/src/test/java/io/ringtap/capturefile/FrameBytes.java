package io.ringtap.capturefile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Builds frames header by header, right or wrong as told: every type and length is what the caller writes. */
public final class FrameBytes {
    public static final int IPV4 = 0x0800;
    public static final int IPV6 = 0x86dd;
    public static final int ARP = 0x0806;
    public static final int MPLS = 0x8847;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMP = 1;

    /** What IPv4's "more fragments" is in the field of flags and offset. */
    public static final int MORE_FRAGMENTS = 0x2000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts with the two addresses, of which the low 48 bits are used. */
    public FrameBytes(long destination, long source) {
        address(destination);
        address(source);
    }

    private void address(long mac) {
        u16((int) (mac >>> 32)).u32((int) mac);
    }

    public FrameBytes u8(int value) {
        out.write(value);
        return this;
    }

    public FrameBytes u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public FrameBytes u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    public FrameBytes u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** A VLAN tag: its type (0x8100, 0x88a8, …) and its priority, drop bit and id. */
    public FrameBytes tag(int tagType, int control) {
        return u16(tagType).u16(control);
    }

    /** The EtherType, or an 802.3 length. */
    public FrameBytes type(int etherType) {
        return u16(etherType);
    }

    /** An MPLS label. */
    public FrameBytes label(int label, boolean bottom) {
        return u32(label << 12 | (bottom ? 0x100 : 0) | 64);
    }

    /** An IPv4 header, with {@code optionWords} words of no-operation options, for {@code payload} bytes. */
    public FrameBytes ipv4(
            int source, int destination, int protocol, int flagsAndOffset, int optionWords, int payload) {
        int words = 5 + optionWords;
        u8(4 << 4 | words).u8(0).u16(words * 4 + payload).u16(0x1234).u16(flagsAndOffset);
        u8(64).u8(protocol).u16(0).u32(source).u32(destination);
        for (int i = 0; i < optionWords; i++) {
            u32(0x0101_0101);
        }
        return this;
    }

    /** An IPv6 header whose addresses are fd00::{@code source} and fd00::{@code destination}. */
    public FrameBytes ipv6(long source, long destination, int nextHeader, int payload) {
        u32(6 << 28).u16(payload).u8(nextHeader).u8(64);
        return u64(0xfd00L << 48).u64(source).u64(0xfd00L << 48).u64(destination);
    }

    /** The two ports that TCP, UDP and SCTP begin with. */
    public FrameBytes ports(int source, int destination) {
        return u16(source).u16(destination);
    }

    /** {@code count} bytes that differ from their neighbours. */
    public FrameBytes fill(int count) {
        for (int i = 0; i < count; i++) {
            u8(i * 7 + 3);
        }
        return this;
    }

    /** Fills up to a frame of {@code length} bytes. */
    public FrameBytes padTo(int length) {
        return fill(length - out.size());
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** The first {@code length} bytes of a frame. */
    public static byte[] cut(byte[] frame, int length) {
        byte[] cut = new byte[length];
        ByteBuffer.wrap(frame).get(cut);
        return cut;
    }
}
