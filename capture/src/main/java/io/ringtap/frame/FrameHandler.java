package io.ringtap.frame;

/**
 * A calculation on every frame of a capture, which a user writes. capture/HANDLERS.md tells a handler's life: what is called
 * when, on which thread, and what may block.
 *
 * <p>Each thread of a worker, on each kernel ring, has an instance of its own, and calls all of its methods: fields need no
 * locks. A handler may block. It may throw: the frame then counts as failed, and the next one comes.
 */
@FunctionalInterface
public interface FrameHandler {
    /** Called once, before the first frame and before the capture is said to be ready; what it throws stops the start. */
    default void onStart(HandlerContext context) throws Exception {}

    /** Called for every frame that is this thread's share; the frame is borrowed: valid only until this returns. */
    void onFrame(Frame frame) throws Exception;

    /** Called after the last of the frames that were waiting together: the moment to flush what was gathered. */
    default void onBatchEnd() throws Exception {}

    /** Called about ten times a second, between batches, whether frames come or not: the moment for what time makes due. */
    default void onIdle() throws Exception {}

    /** Called once, after the last frame; not if {@code onStart} threw. */
    default void onStop() throws Exception {}
}
