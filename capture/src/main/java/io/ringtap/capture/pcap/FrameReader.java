package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.util.OptionalDouble;

/** Reads frames from an open live handle that does not block. Owned by the capture thread. */
sealed interface FrameReader extends AutoCloseable permits BlockReader, SlotReader, FfmReader, Pcap4jReader {
    /** As {@link CaptureSource#poll}; after {@link CaptureSource#FAILED}, {@link #failure()} has libpcap's text. */
    int read(FrameSink sink, int limit);

    /** Returns whether libpcap reads, and so looks for errors of the socket by itself. */
    default boolean readsByLibpcap() {
        return false;
    }

    /** Returns whether a frame comes within so long, without giving up the processor; at once, where it cannot be told. */
    default boolean spin(long nanos) {
        return false;
    }

    /** As {@link CaptureSource#ringFill()}, until the handle is closed. */
    default OptionalDouble ringFill() {
        return OptionalDouble.empty();
    }

    /** Returns why the last read failed; one that libpcap has no part in never does. */
    default String failure() {
        return "";
    }

    @Override
    void close();
}
