package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.time.Duration;

/** Sleeps on every frame, and does not let itself be interrupted. */
public final class SleepingHandler implements FrameHandler {
    private final Duration sleep;

    public SleepingHandler(HandlerSettings settings) {
        sleep = settings.duration("sleep", Duration.ofHours(1));
    }

    @Override
    public void onFrame(Frame frame) {
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
