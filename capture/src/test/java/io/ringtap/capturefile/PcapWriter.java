package io.ringtap.capturefile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the classic pcap format by hand, from draft-ietf-opsawg-pcap: no library's reading of it comes in between. */
public final class PcapWriter {
    public static final int ETHERNET = 1;
    public static final int RAW_IP = 101;
    public static final int RADIOTAP = 127;

    /** The snaplen that tcpdump and dumpcap write. */
    public static final int SNAPLEN = 262_144;

    private final ByteOrder order;
    private final boolean nanoseconds;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public PcapWriter(ByteOrder order, boolean nanoseconds) {
        this(order, nanoseconds, ETHERNET, SNAPLEN);
    }

    public PcapWriter(ByteOrder order, boolean nanoseconds, int linkType, int snaplen) {
        this.order = order;
        this.nanoseconds = nanoseconds;
        ByteBuffer header = ByteBuffer.allocate(24).order(order);
        header.putInt(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
        header.putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(snaplen)
                .putInt(linkType);
        out.writeBytes(header.array());
    }

    public PcapWriter frame(long timestampNanos, byte[] frame) {
        return frame(timestampNanos, frame, frame.length);
    }

    /** A frame that had {@code original} bytes on the link. */
    public PcapWriter frame(long timestampNanos, byte[] captured, int original) {
        long fraction = timestampNanos % 1_000_000_000;
        record(timestampNanos / 1_000_000_000, nanoseconds ? fraction : fraction / 1_000, captured.length, original);
        out.writeBytes(captured);
        return this;
    }

    /** A record's header alone, whatever it says. */
    public PcapWriter record(long seconds, long fraction, int captured, int original) {
        ByteBuffer header = ByteBuffer.allocate(16).order(order);
        header.putInt((int) seconds).putInt((int) fraction).putInt(captured).putInt(original);
        out.writeBytes(header.array());
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** All but the last {@code missing} bytes. */
    public byte[] cutBy(int missing) {
        return FrameBytes.cut(bytes(), out.size() - missing);
    }
}
