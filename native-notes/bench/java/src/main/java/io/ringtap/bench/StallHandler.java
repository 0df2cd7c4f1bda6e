package io.ringtap.bench;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.time.Duration;

/**
 * Stands still for a time ({@code stall}, 300 ms by default) at every Nth frame ({@code every}, 1,000,000 by default),
 * as a handler does that waits for a disk or another machine.
 */
public final class StallHandler implements FrameHandler {
    private final long every;
    private final Duration stall;
    private long seen;
    private long stalls;

    /** Reads its keys. */
    public StallHandler(HandlerSettings settings) {
        every = settings.number("every", 1_000_000, 1, Long.MAX_VALUE);
        stall = settings.duration("stall", Duration.ofMillis(300));
    }

    @Override
    public void onFrame(Frame frame) throws InterruptedException {
        if (++seen % every == 0) {
            Thread.sleep(stall);
            stalls++;
        }
    }

    @Override
    public void onStop() {
        System.out.println("stall times=" + stalls + " each_ms=" + stall.toMillis());
    }
}
