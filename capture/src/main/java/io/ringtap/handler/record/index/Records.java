package io.ringtap.handler.record.index;

import java.nio.ByteBuffer;

/** The layouts of records, in native byte order, as far as an index knows them. */
public enum Records {
    /** Blocks of draft-ietf-opsawg-pcapng; enhanced packet blocks hold frames. */
    PCAPNG(28) {
        @Override
        int recordBytesAt(ByteBuffer source, int index) {
            return source.getInt(index + 4);
        }

        @Override
        int frameBytesAt(ByteBuffer source, int index) {
            return source.getInt(index) == ENHANCED_PACKET ? source.getInt(index + 20) : -1;
        }

        @Override
        long timestampNanosAt(ByteBuffer source, int index) {
            return (long) source.getInt(index + 12) << 32 | Integer.toUnsignedLong(source.getInt(index + 16));
        }
    },
    /** Those of draft-ietf-opsawg-pcap, with nanoseconds. */
    PCAP(16) {
        @Override
        int recordBytesAt(ByteBuffer source, int index) {
            return frameOffset() + source.getInt(index + 8);
        }

        @Override
        int frameBytesAt(ByteBuffer source, int index) {
            return source.getInt(index + 8);
        }

        @Override
        long timestampNanosAt(ByteBuffer source, int index) {
            return Integer.toUnsignedLong(source.getInt(index)) * 1_000_000_000 + source.getInt(index + 4);
        }
    };

    private static final int ENHANCED_PACKET = 6;

    private final int frameOffset;

    Records(int frameOffset) {
        this.frameOffset = frameOffset;
    }

    /** Bytes of the record at an index. */
    abstract int recordBytesAt(ByteBuffer source, int index);

    /** Captured bytes of the frame in the record at an index; negative if it holds none. */
    abstract int frameBytesAt(ByteBuffer source, int index);

    /** Time of the frame in a record, nanoseconds since 1970. */
    abstract long timestampNanosAt(ByteBuffer source, int index);

    /** Bytes of the whole records that a buffer holds, from its beginning to its limit. */
    public int wholeBytes(ByteBuffer source) {
        int at = 0;
        while (source.limit() - at >= frameOffset) {
            int bytes = recordBytesAt(source, at);
            if (bytes <= 0 || bytes > source.limit() - at) {
                break;
            }
            at += bytes;
        }
        return at;
    }

    /** Where the frame is in a record, from its beginning; no record is shorter. */
    int frameOffset() {
        return frameOffset;
    }
}
