package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.time.Duration;

/** Sleeps on every frame, or those of a length, and does not let itself be interrupted. */
public final class SleepingHandler implements FrameHandler {
    private final Duration sleep;
    private final long length;

    public SleepingHandler(HandlerSettings settings) {
        sleep = settings.duration("sleep", Duration.ofHours(1));
        length = settings.number("length", 0, 0, 65_535);
    }

    @Override
    public void onFrame(Frame frame) {
        if (length > 0 && frame.length() != length) {
            return;
        }
        long until = System.nanoTime() + sleep.toNanos();
        while (System.nanoTime() - until < 0) {
            try {
                Thread.sleep(Duration.ofNanos(until - System.nanoTime()));
            } catch (InterruptedException e) {
                // a calculation that nothing ends
            }
        }
    }
}
