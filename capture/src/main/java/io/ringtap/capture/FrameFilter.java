package io.ringtap.capture;

/** Says which frames a handler gets. It keeps nothing between frames: any number of threads may ask it. */
public interface FrameFilter extends AutoCloseable {
    /**
     * Whether a frame passes.
     *
     * @param address memory that holds the captured bytes
     * @param capturedBytes bytes at {@code address}; no byte behind them is looked at, and a frame whose header was cut off
     *     does not pass
     * @param originalBytes bytes the frame had on the link
     */
    boolean matches(long address, int capturedBytes, int originalBytes);

    /** Releases it; only after the last thread that may ask it has ended. */
    @Override
    void close();
}
