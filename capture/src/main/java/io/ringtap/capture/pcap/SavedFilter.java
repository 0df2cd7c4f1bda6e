package io.ringtap.capture.pcap;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A filter for the frames of files, run by libpcap's interpreter, which checks every load. One thread. */
public final class SavedFilter implements AutoCloseable {
    private final BpfFilter filter;
    private ByteBuffer last;
    private long lastAddress;

    SavedFilter(byte[] program) {
        filter = new BpfFilter(program, program);
    }

    /**
     * Whether a frame passes.
     *
     * @param bytes direct memory
     * @param at where in it the frame begins
     */
    @SuppressWarnings("ReferenceEquality") // the same memory, whatever it holds
    public boolean matches(ByteBuffer bytes, int at, int capturedBytes, int originalBytes) {
        if (bytes != last) {
            last = bytes;
            lastAddress = MemorySegment.ofBuffer(bytes.duplicate().clear()).address();
        }
        return filter.matches(lastAddress + at, capturedBytes, originalBytes);
    }

    @Override
    public void close() {
        filter.close();
    }
}
