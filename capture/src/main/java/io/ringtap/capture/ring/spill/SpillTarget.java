package io.ringtap.capture.ring.spill;

/**
 * What spilled frames go back into: a worker's queue. While anything is spilled, the thread that reads it is the only one that
 * puts frames in; {@link #handled} is for any thread.
 */
public interface SpillTarget {
    /** Takes a copy of a frame if there is room now. */
    boolean offer(long address, int capturedBytes, int originalBytes, long timestampNanos);

    /** Hands on what was taken. */
    void flush();

    /** The position of the frame that was taken last. */
    long published();

    /** The position up to which every frame has been handled. */
    long handled();
}
