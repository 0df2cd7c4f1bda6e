package io.ringtap.inject.mmsg;

import io.ringtap.inject.send.StreamSender;
import java.util.function.IntUnaryOperator;

/** Makes a stream's next frames and sends them in one call; what the kernel did not take is made anew. */
abstract class BatchSender implements StreamSender {
    private final MmsgInjector injector;
    private final IntUnaryOperator attempt = this::attempt;
    private long next;

    BatchSender(MmsgInjector injector) {
        this.injector = injector;
    }

    @Override
    public final int mostFrames() {
        return MmsgInjector.BATCH_FRAMES;
    }

    @Override
    public final void send(int frames, Outcomes outcomes) {
        int used = frames; // all of them, if anything throws
        try {
            used = attempt(frames, outcomes);
        } finally {
            next += used;
        }
    }

    private int attempt(int frames, Outcomes outcomes) {
        int sent = injector.insist(attempt, frames);
        if (sent > 0) {
            outcomes.sent(sent);
            return sent;
        }
        outcomes.failed(injector.result(), 1, injector.failure());
        return 1;
    }

    private int attempt(int frames) {
        return attempt(next, frames);
    }

    /** Tries to send frames from a number on: how many the kernel took, or the negative errno of the first. */
    abstract int attempt(long first, int frames);

    @Override
    public final void skip(int frames) {
        next += frames;
    }
}
