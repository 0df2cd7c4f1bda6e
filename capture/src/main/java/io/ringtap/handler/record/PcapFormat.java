package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.ledger.CaptureCounts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The classic pcap format with nanosecond times, which hold until the year 2106. It has no place for counts. */
final class PcapFormat implements FileFormat {
    static final int NANOSECOND_MAGIC = 0xa1b23c4d;
    static final int HEADER = 24;
    static final int RECORD_HEADER = 16;

    private static final int LINKTYPE_ETHERNET = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final byte[] header;

    PcapFormat(int snaplenBytes) {
        header = new byte[HEADER];
        ByteBuffer out = ByteBuffer.wrap(header).order(ByteOrder.nativeOrder());
        out.putInt(NANOSECOND_MAGIC).putShort((short) 2).putShort((short) 4).putLong(0);
        out.putInt(snaplenBytes).putInt(LINKTYPE_ETHERNET);
    }

    @Override
    public String extension() {
        return Kind.PCAP.extension();
    }

    @Override
    public byte[] header() {
        return header;
    }

    @Override
    public int recordBytes(int length) {
        return RECORD_HEADER + length;
    }

    @Override
    public void put(Frame frame, int length, ByteBuffer target, int index) {
        long nanos = frame.timestampNanos();
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        target.putInt(index, (int) seconds).putInt(index + 4, (int) (nanos - seconds * NANOS_PER_SECOND));
        target.putInt(index + 8, length).putInt(index + 12, frame.originalLength());
        frame.copyTo(0, target, index + RECORD_HEADER, length);
    }

    @Override
    public int recordBytesAt(ByteBuffer source, int index) {
        return RECORD_HEADER + source.getInt(index + 8);
    }

    @Override
    public long timestampNanosAt(ByteBuffer source, int index) {
        return Integer.toUnsignedLong(source.getInt(index)) * NANOS_PER_SECOND + source.getInt(index + 4);
    }

    @Override
    public byte[] trailer(CaptureCounts counts, long nowNanos) {
        return new byte[0];
    }

    @Override
    public int trailerBytes() {
        return 0;
    }
}
