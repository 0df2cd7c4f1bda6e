package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import java.util.concurrent.CountDownLatch;

/** A handler that is never ready, unless it is interrupted. */
public final class StuckStart implements FrameHandler {
    @Override
    public void onStart(HandlerContext context) throws InterruptedException {
        context.log("StuckStart waits");
        new CountDownLatch(1).await();
    }

    @Override
    public void onFrame(Frame frame) {}
}
