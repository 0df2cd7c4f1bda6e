package io.ringtap.frame;

import java.util.function.Predicate;

/** Starts and stops configured streams of frames, by name. Never waits; safe on every thread. */
public interface StreamSwitch {
    /** Where there are no streams: refuses everything. */
    StreamSwitch NONE = new StreamSwitch() {
        @Override
        public boolean start(String stream) {
            return false;
        }

        @Override
        public boolean stop(String stream) {
            return false;
        }
    };

    /**
     * Has the stream's inject thread begin it anew, its count from 0; one that runs goes on as it is.
     *
     * @return false if there is no such stream, or too many commands wait for the thread
     */
    boolean start(String stream);

    /**
     * Tells a stream's own frames when they come back, by their Ethernet header; false for every frame if there is no such
     * stream. What it gives is for a handler's thread.
     */
    default Predicate<Frame> framesOf(String stream) {
        return _ -> false;
    }

    /** Has the stream's inject thread end it, until it is started again. @return as for {@link #start} */
    boolean stop(String stream);
}
