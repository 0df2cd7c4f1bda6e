package io.ringtap.bench;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.time.Duration;

/**
 * Fails as it is told to from outside, by the lengths of frames: throws on those of {@code throw-length} bytes (301 by default),
 * and stands still for {@code stall} (500 ms) at each of {@code stall-length} (302).
 */
public final class FaultyHandler implements FrameHandler {
    private final long throwLength;
    private final long stallLength;
    private final Duration stall;

    /** Reads its keys. */
    public FaultyHandler(HandlerSettings settings) {
        throwLength = settings.number("throw-length", 301, 1, 65_535);
        stallLength = settings.number("stall-length", 302, 1, 65_535);
        stall = settings.duration("stall", Duration.ofMillis(500));
    }

    @Override
    public void onFrame(Frame frame) throws InterruptedException {
        if (frame.length() == throwLength) {
            throw new IllegalStateException("on purpose");
        }
        if (frame.length() == stallLength) {
            Thread.sleep(stall);
        }
    }
}
