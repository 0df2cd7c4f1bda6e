package io.ringtap.frame;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A handler under supervision: each frame it gets is lent to it for one call, and a frame that it uses after that, or on
 * another thread, throws {@link BorrowedFrameException}. It costs an object a frame: for tests, and to look for a defect.
 */
public final class CheckedHandler implements FrameSieve {
    private final String type;
    private final FrameHandler handler;
    private final AtomicReference<BorrowedFrameException> misuse = new AtomicReference<>();

    /**
     * Supervises a handler.
     *
     * @param type what messages call it
     */
    public CheckedHandler(String type, FrameHandler handler) {
        this.type = type;
        this.handler = handler;
    }

    /** Returns what the handler did first with a frame that was not its own any more; any thread. */
    public Optional<BorrowedFrameException> misuse() {
        return Optional.ofNullable(misuse.get());
    }

    BorrowedFrameException misused(String how) {
        BorrowedFrameException exception = new BorrowedFrameException(
                "handler " + type + " used a borrowed frame " + how
                        + ": a frame is valid only until onFrame returns, on the thread that got it; frame.copy() keeps it");
        misuse.compareAndSet(null, exception);
        return exception;
    }

    @Override
    public void onStart(HandlerContext context) throws Exception {
        handler.onStart(context);
    }

    /** {@inheritDoc} One goes on that the handler cannot choose about. */
    @Override
    public boolean passes(Frame frame) throws Exception {
        LentFrame lent = new LentFrame(frame, this);
        try {
            if (handler instanceof FrameSieve sieve) {
                return sieve.passes(lent);
            }
            handler.onFrame(lent);
            return true;
        } finally {
            lent.takeBack();
        }
    }

    @Override
    public void onBatchEnd() throws Exception {
        handler.onBatchEnd();
    }

    @Override
    public void onIdle() throws Exception {
        handler.onIdle();
    }

    @Override
    public void onStop() throws Exception {
        handler.onStop();
    }
}
