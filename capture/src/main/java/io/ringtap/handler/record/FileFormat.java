package io.ringtap.handler.record;

import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.ledger.CaptureCounts;
import java.nio.ByteBuffer;

/** The layout of frames in a file. Buffers are in native byte order, which readers of either format tell from its first bytes. */
sealed interface FileFormat permits PcapngFormat, PcapFormat {
    /** Which formats there are. */
    enum Kind {
        /** draft-ietf-opsawg-pcapng. */
        PCAPNG("pcapng"),
        /** draft-ietf-opsawg-pcap, with nanoseconds. */
        PCAP("pcap");

        private final String extension;

        Kind(String extension) {
            this.extension = extension;
        }

        String extension() {
            return extension;
        }

        /** A format for the frames of a capture. */
        FileFormat of(CaptureFacts capture) {
            return this == PCAPNG ? new PcapngFormat(capture) : new PcapFormat(capture.snaplenBytes());
        }
    }

    /** Returns what the names of its files end with. */
    String extension();

    /** Returns what a file begins with. */
    byte[] header();

    /** Bytes that the record of so much of a frame takes. */
    int recordBytes(int length);

    /** Writes a record of a frame's first bytes at an index. */
    void put(Frame frame, int length, ByteBuffer target, int index);

    /** Length of a record that {@link #put} wrote. */
    int recordBytesAt(ByteBuffer source, int index);

    /** Time of a record that {@link #put} wrote, nanoseconds since 1970. */
    long timestampNanosAt(ByteBuffer source, int index);

    /** Returns what a file ends with. */
    byte[] trailer(CaptureCounts counts, long nowNanos);

    /** No trailer is longer. */
    int trailerBytes();
}
