package io.ringtap.handler.record;

/** The frame is not recorded: the disk takes nothing now. One is made for all frames, and has no stack. */
final class RecordingPausedException extends Exception {
    private static final long serialVersionUID = 1;

    RecordingPausedException() {
        super("the disk takes nothing now", null, false, false);
    }
}
