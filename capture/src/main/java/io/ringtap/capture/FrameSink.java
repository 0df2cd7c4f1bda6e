package io.ringtap.capture;

import org.jspecify.annotations.Nullable;

/** The receiver of a capture thread's frames. One thread calls it. */
public interface FrameSink {
    /** Called first. Null, or what stands in the way of a start. */
    default @Nullable Throwable begin() {
        return null;
    }

    /**
     * Takes a copy of a frame, waiting while there is no room.
     *
     * @param address native memory that holds the captured bytes, valid during the call only
     * @param capturedBytes bytes at {@code address}
     * @param originalBytes bytes the frame had on the link
     * @param timestampNanos nanoseconds since the epoch
     * @return false if the frame was not taken because the sink was told to give up waiting; nothing more will be taken
     */
    boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos);

    /** Hands on all frames taken so far: none is held back for a fuller batch. */
    void flush();

    /** Called between reads, at least ten times a second, with the {@link System#nanoTime} that it is. */
    default void tick(long nanoTime) {}

    /** Called last. */
    default void end() {}
}
