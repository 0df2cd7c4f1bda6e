package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;

/** Throws on every frame of 100 bytes. */
public final class ThrowingHandler implements FrameHandler {
    @Override
    public void onFrame(Frame frame) {
        if (frame.length() == 100) {
            throw new IllegalStateException("on purpose");
        }
    }
}
