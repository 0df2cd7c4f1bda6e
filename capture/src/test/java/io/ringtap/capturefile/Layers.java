package io.ringtap.capturefile;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Frames put together from the inside out: each method puts a header before what it carries, with lengths and sums that are right. */
public final class Layers {
    public static final int ETHERNET_IN_GRE = 0x6558;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;

    private Layers() {}

    /** Bytes of a header, written in hexadecimal, and what is behind it. */
    public static byte[] header(String hex, byte[] payload) {
        return join(HexFormat.of().parseHex(hex.replace(" ", "")), payload);
    }

    public static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    public static byte[] payload(int length) {
        return new byte[length];
    }

    /** Ethernet, with tags, each its type and its control, from the outermost on. */
    public static byte[] ethernet(long destination, long source, int type, byte[] payload, int... tags) {
        ByteBuffer header = ByteBuffer.allocate(14 + 2 * tags.length);
        mac(header, destination);
        mac(header, source);
        for (int tag : tags) {
            header.putShort((short) tag);
        }
        return join(header.putShort((short) type).array(), payload);
    }

    private static void mac(ByteBuffer header, long address) {
        header.putShort((short) (address >>> 32)).putInt((int) address);
    }

    /** IPv4 with words of options; flags and offset as they are in the header. */
    public static byte[] ipv4(
            int source, int destination, int protocol, int fragment, int optionWords, byte[] payload) {
        int headerBytes = 20 + 4 * optionWords;
        ByteBuffer header = ByteBuffer.allocate(headerBytes);
        header.put((byte) (0x40 | headerBytes / 4)).put((byte) 0xb8).putShort((short) (headerBytes + payload.length));
        header.putShort((short) 7)
                .putShort((short) fragment)
                .put((byte) 61)
                .put((byte) protocol)
                .putShort((short) 0);
        header.putInt(source).putInt(destination);
        while (header.hasRemaining()) {
            header.put((byte) 1);
        }
        int sum = 0;
        for (int i = 0; i < headerBytes; i += 2) {
            sum += header.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        header.putShort(10, (short) ~sum);
        return join(header.array(), payload);
    }

    public static byte[] ipv4(int source, int destination, int protocol, byte[] payload) {
        return ipv4(source, destination, protocol, 0x4000, 0, payload);
    }

    /** IPv6 between fd00::source and fd00::destination; extension headers are part of the payload. */
    public static byte[] ipv6(long source, long destination, int next, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(40);
        header.putInt(0x6a00_0000)
                .putShort((short) payload.length)
                .put((byte) next)
                .put((byte) 62);
        header.putLong(0xfd00L << 48).putLong(source).putLong(0xfd00L << 48).putLong(destination);
        return join(header.array(), payload);
    }

    public static byte[] tcp(int source, int destination, int flags, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putShort((short) source)
                .putShort((short) destination)
                .putInt(0x9abc_def0)
                .putInt(0xfedc_ba98);
        header.putShort((short) (0x6000 | flags))
                .putShort((short) 0xfff0)
                .putInt(0)
                .putInt(0x0101_0100);
        return join(header.array(), payload);
    }

    public static byte[] udp(int source, int destination, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(8);
        header.putShort((short) source).putShort((short) destination).putShort((short) (8 + payload.length));
        return join(header.array(), payload);
    }

    /** The fixed header, and a chunk of data of 20 bytes. */
    public static byte[] sctp(int source, int destination) {
        ByteBuffer header = ByteBuffer.allocate(32);
        header.putShort((short) source)
                .putShort((short) destination)
                .putInt(5)
                .putInt(0)
                .putInt(0x0003_0014);
        return header.array();
    }

    /** An echo of ICMP, or of ICMPv6 by its type. */
    public static byte[] echo(int type) {
        return ByteBuffer.allocate(40).put((byte) type).array();
    }

    public static byte[] arp(int operation, int sender, int target) {
        ByteBuffer arp = ByteBuffer.allocate(28);
        arp.putInt(0x0001_0800).putShort((short) 0x0604).putShort((short) operation);
        return arp.putInt(14, sender).putInt(24, target).array();
    }

    public static byte[] vxlan(int id, byte[] frame) {
        return join(ByteBuffer.allocate(8).putInt(0x0800_0000).putInt(id << 8).array(), frame);
    }

    /** With words of options. */
    public static byte[] geneve(int id, int type, int optionWords, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(8 + 4 * optionWords);
        header.put((byte) optionWords).put((byte) 0).putShort((short) type).putInt(id << 8);
        if (optionWords > 0) {
            header.putInt(0x0102_0000 | (optionWords - 1)); // an experimental class, type 0, its length in words
        }
        return join(header.array(), payload);
    }

    /** Key and sequence number are there if they are not negative. */
    public static byte[] gre(int type, long key, long sequence, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(4 + (key < 0 ? 0 : 4) + (sequence < 0 ? 0 : 4));
        header.putShort((short) ((key < 0 ? 0 : 0x2000) | (sequence < 0 ? 0 : 0x1000)))
                .putShort((short) type);
        if (key >= 0) {
            header.putInt((int) key);
        }
        if (sequence >= 0) {
            header.putInt((int) sequence);
        }
        return join(header.array(), payload);
    }

    /** A user's packet; with a sequence number if that is not negative. */
    public static byte[] gtp(int endpoint, int sequence, byte[] packet) {
        ByteBuffer header = ByteBuffer.allocate(sequence < 0 ? 8 : 12);
        header.put((byte) (sequence < 0 ? 0x30 : 0x32)).put((byte) 255);
        header.putShort((short) (header.capacity() - 8 + packet.length)).putInt(endpoint);
        if (sequence >= 0) {
            header.putShort((short) sequence);
        }
        return join(header.array(), packet);
    }

    /** Labels from the outermost on. */
    public static byte[] mpls(byte[] payload, int... labels) {
        ByteBuffer stack = ByteBuffer.allocate(4 * labels.length);
        for (int i = 0; i < labels.length; i++) {
            stack.putInt(labels[i] << 12 | (i == labels.length - 1 ? 0x100 : 0) | 64);
        }
        return join(stack.array(), payload);
    }

    public static byte[] pppoe(int session, int protocol, byte[] packet) {
        ByteBuffer header = ByteBuffer.allocate(8);
        header.putShort((short) 0x1100).putShort((short) session).putShort((short) (2 + packet.length));
        return join(header.putShort((short) protocol).array(), packet);
    }

    /** The header of SNAP, behind an 802.3 length: the type field of the frame is {@code snap.length}. */
    public static byte[] snap(int type, byte[] payload) {
        return join(ByteBuffer.allocate(8).putInt(0xaaaa_0300).putInt(type).array(), payload);
    }
}
