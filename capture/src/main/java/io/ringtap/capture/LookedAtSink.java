package io.ringtap.capture;

import java.util.List;

/** Gives each frame to those that only look, and then to the sink that takes it. */
final class LookedAtSink implements FrameSink {
    private final FrameSink[] lookers;
    private final FrameSink sink;

    LookedAtSink(List<FrameSink> lookers, FrameSink sink) {
        this.lookers = lookers.toArray(FrameSink[]::new);
        this.sink = sink;
    }

    boolean has(FrameSink looker) {
        return List.of(lookers).contains(looker);
    }

    @Override
    public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        for (FrameSink looker : lookers) {
            looker.onFrame(address, capturedBytes, originalBytes, timestampNanos);
        }
        return sink.onFrame(address, capturedBytes, originalBytes, timestampNanos);
    }

    @Override
    public void flush() {
        sink.flush();
    }
}
