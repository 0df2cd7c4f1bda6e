package boottest;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hangs on frames of one EtherType, whatever interrupts it; and is not ready before a file is there, if it is told to wait. */
public final class Hang implements FrameHandler {
    private final Path startWhen;

    public Hang(HandlerSettings settings) {
        startWhen = Path.of(settings.text("start-when", "/"));
    }

    @Override
    public void onStart(HandlerContext context) throws InterruptedException {
        System.err.println("Hang waits for " + startWhen);
        while (!Files.exists(startWhen)) {
            Thread.sleep(10);
        }
    }

    @Override
    @SuppressWarnings("InfiniteLoopStatement")
    public void onFrame(Frame frame) {
        while (frame.etherType() == 0x88b6) {
            Thread.interrupted();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
        }
    }
}
