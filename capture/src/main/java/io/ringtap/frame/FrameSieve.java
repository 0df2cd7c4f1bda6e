package io.ringtap.frame;

/**
 * A handler that also chooses which frames go on into the ring, to the workers behind it: of a worker with {@code delivery =
 * "in-place"} only. A cheap look there spares the copy of what nobody needs. What it leaves out counts as {@code sieved}.
 *
 * <p>A frame that its filter keeps from it, and one on which it throws, goes on. Where several choose, a frame goes on that none of
 * them leaves out. The handlers of in-place workers get every frame.
 */
public interface FrameSieve extends FrameHandler {
    /**
     * Handles a frame, in place of {@link #onFrame}.
     *
     * @param frame as in {@link #onFrame}
     * @return whether it goes on
     */
    boolean passes(Frame frame) throws Exception;

    @Override
    default void onFrame(Frame frame) throws Exception {
        boolean _ = passes(frame);
    }
}
