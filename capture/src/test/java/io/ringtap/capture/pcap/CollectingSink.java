package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capturefile.FrameRecord;
import io.ringtap.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it gets, up to a number of frames, then refuses. */
final class CollectingSink implements FrameSink {
    final List<FrameRecord> frames = new ArrayList<>();
    private final int room;

    CollectingSink(int room) {
        this.room = room;
    }

    CollectingSink() {
        this(Integer.MAX_VALUE);
    }

    @Override
    public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        if (frames.size() == room) {
            return false;
        }
        byte[] bytes =
                MemorySegment.ofAddress(address).reinterpret(capturedBytes).toArray(ValueLayout.JAVA_BYTE);
        frames.add(FrameRecord.of(Frame.of(bytes, originalBytes, timestampNanos, "test")));
        return true;
    }

    @Override
    public void flush() {}

    /** Polls to the end, and returns how it ended. */
    int drain(CaptureSource source) {
        int polled = source.poll(this, 7);
        while (polled >= 0) {
            polled = source.poll(this, 7);
        }
        return polled;
    }
}
