package io.ringtap.handler.record;

import io.ringtap.zstd.WholeBlocks;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The end of the last whole record in a file that this handler wrote and a killed process left: the file is read from its
 * beginning, and no length in it believed before it is checked.
 */
final class WholeRecords {
    /** The longest frame that libpcap takes. */
    private static final int LONGEST_FRAME = 262_144;

    private final RecordBytes bytes;
    private long headerBytes;
    private long frames;
    private long firstNanos;

    private WholeRecords(RecordBytes bytes) {
        this.bytes = bytes;
    }

    /** Reads a file to its last whole record. */
    static WholeRecords of(FileChannel channel, String extension) throws IOException {
        if (!extension.endsWith(Compression.ZSTD.suffix())) {
            return read(new RecordBytes.Plain(channel), extension);
        }
        try (WholeBlocks blocks = new WholeBlocks(channel)) {
            return read(new RecordBytes.Compressed(blocks), extension);
        }
    }

    private static WholeRecords read(RecordBytes bytes, String extension) throws IOException {
        WholeRecords records = new WholeRecords(bytes);
        if (extension.startsWith(FileFormat.Kind.PCAPNG.extension())) {
            records.readPcapng();
        } else {
            records.readPcap();
        }
        return records;
    }

    /** Bytes before the first frame's record. */
    long headerBytes() {
        return headerBytes;
    }

    /** Bytes up to there. */
    long end() {
        return bytes.end();
    }

    long frames() {
        return bytes.frames();
    }

    /** The first frame's time, nanoseconds since 1970; 0 without one. */
    long firstNanos() {
        return frames() == 0 ? 0 : firstNanos;
    }

    /** Cuts the file there, and has it end as a whole one does. */
    void cut(FileChannel channel) throws IOException {
        bytes.cut(channel);
    }

    private boolean has(long at, int count) throws IOException {
        return bytes.has(at, count);
    }

    private int intAt(long at) throws IOException {
        return bytes.intAt(at);
    }

    private void readPcapng() throws IOException {
        long at = 0;
        while (has(at, 12)) {
            int type = intAt(at);
            int length = intAt(at + 4);
            boolean known = at == 0 ? type == PcapngFormat.SECTION_HEADER : isBlock(type);
            if (!known || length < 12 || length % 4 != 0 || !has(at, length) || intAt(at + length - 4) != length) {
                return;
            }
            if (type == PcapngFormat.ENHANCED_PACKET && !isPacket(at, length)) {
                return;
            }
            if (type == PcapngFormat.ENHANCED_PACKET && frames++ == 0) {
                headerBytes = at;
                firstNanos = (long) intAt(at + 12) << 32 | Integer.toUnsignedLong(intAt(at + 16));
            }
            at += length;
            bytes.record(at, frames);
        }
    }

    private static boolean isBlock(int type) {
        return type == PcapngFormat.INTERFACE_DESCRIPTION
                || type == PcapngFormat.ENHANCED_PACKET
                || type == PcapngFormat.INTERFACE_STATISTICS;
    }

    private boolean isPacket(long at, int length) throws IOException {
        if (length < PcapngFormat.PACKET_FRAMING) {
            return false;
        }
        int captured = intAt(at + 20);
        return captured >= 0 && captured <= length - PcapngFormat.PACKET_FRAMING;
    }

    private void readPcap() throws IOException {
        if (!has(0, PcapFormat.HEADER) || intAt(0) != PcapFormat.NANOSECOND_MAGIC) {
            return;
        }
        long at = PcapFormat.HEADER;
        bytes.record(at, 0);
        while (has(at, PcapFormat.RECORD_HEADER)) {
            int nanos = intAt(at + 4);
            int captured = intAt(at + 8);
            boolean sane = nanos >= 0 && nanos < 1_000_000_000 && captured >= 0 && captured <= LONGEST_FRAME;
            if (!sane || !has(at, PcapFormat.RECORD_HEADER + captured)) {
                return;
            }
            if (frames++ == 0) {
                headerBytes = at;
                firstNanos = Integer.toUnsignedLong(intAt(at)) * 1_000_000_000 + nanos;
            }
            at += PcapFormat.RECORD_HEADER + captured;
            bytes.record(at, frames);
        }
    }
}
