package io.ringtap.frame;

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

    /** Has the stream's inject thread end it, until it is started again. @return as for {@link #start} */
    boolean stop(String stream);
}
