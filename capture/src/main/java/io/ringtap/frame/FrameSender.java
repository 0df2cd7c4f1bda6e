package io.ringtap.frame;

/** Takes frames to send. Never waits; safe on every thread. */
@FunctionalInterface
public interface FrameSender {
    /**
     * Queues a frame for the interface's inject thread, which counts it as sent or failed.
     *
     * @param frame the whole frame from its destination address on, without frame check sequence; copied
     * @return false if there was no room, which is counted as failed
     */
    boolean send(byte[] frame);
}
