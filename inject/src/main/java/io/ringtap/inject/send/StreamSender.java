package io.ringtap.inject.send;

import io.ringtap.inject.config.Engine;
import java.time.Duration;

/**
 * Sends the frames of one stream, in their order. For the inject thread. The stream that it sends for closes it, before the
 * injector that made it is closed.
 */
public interface StreamSender extends AutoCloseable {
    /** How many frames it takes at once, at most. */
    int mostFrames();

    /**
     * The time whose frames it sends at once, where a rate makes that more than a frame: so long it may keep them waiting, and
     * so much may go out in a burst.
     */
    default Duration moment() {
        return Engine.SENDPACKET.moment();
    }

    /**
     * Sends the stream's next frames, and tells what became of each. It may come back before it has gone through all of
     * them, as after one that could not be sent, but not before the first; the rest is still to come then. May wait for
     * room in the interface's queue, but not without a bound.
     *
     * <p>If it throws, it is not known what became of the frames of which it has told nothing. No number goes out twice: all the
     * frames that it was to send have used theirs, whether they went or not.
     *
     * @param frames 1 to {@link #mostFrames}
     */
    void send(int frames, Outcomes outcomes);

    /** Leaves out the stream's next frames, as if they had failed. */
    void skip(int frames);

    /** Releases it, before its injector is closed; idempotent. */
    @Override
    default void close() {}

    /** Takes what became of frames. */
    interface Outcomes {
        /** The interface took frames. */
        void sent(int frames);

        /**
         * The interface did not take frames.
         *
         * @param why any but {@link InjectResult#SENT}
         * @param detail what the system said; may be empty
         */
        void failed(InjectResult why, int frames, String detail);
    }
}
