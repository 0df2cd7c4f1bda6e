package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.util.OptionalDouble;

/** Reads frames from an open live handle that does not block. Owned by the capture thread. */
sealed interface FrameReader extends AutoCloseable permits BlockReader, SlotReader, FfmReader, Pcap4jReader {
    /** As {@link CaptureSource#poll}; after {@link CaptureSource#FAILED}, {@link #failure()} has libpcap's text. */
    int read(FrameSink sink, int limit);

    /** poll(2) has reported an error on the socket. libpcap looks for it by itself in each read. */
    default void socketError() {}

    /** As {@link CaptureSource#ringFill()}, until the handle is closed. */
    default OptionalDouble ringFill() {
        return OptionalDouble.empty();
    }

    /** Why the last read failed. */
    String failure();

    @Override
    void close();
}
