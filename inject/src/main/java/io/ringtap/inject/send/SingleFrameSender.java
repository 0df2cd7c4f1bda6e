package io.ringtap.inject.send;

import io.ringtap.inject.template.FrameSequence;
import java.util.Objects;

/** Sends a stream's frames one by one. */
final class SingleFrameSender implements StreamSender {
    /**
     * Each may wait a tenth of a second for room, and what was taken is gone through before a stop: a few spare most of
     * what else is done for each frame.
     */
    private static final int MOST_FRAMES = 4;

    private final FrameInjector injector;
    private final FrameSequence frames;
    private String failure = "";

    SingleFrameSender(FrameInjector injector, FrameSequence frames) {
        this.injector = injector;
        this.frames = frames;
    }

    @Override
    public int mostFrames() {
        return MOST_FRAMES;
    }

    /** Goes on until a frame was not sent. */
    @Override
    public void send(int count, Outcomes outcomes) {
        int sent = 0;
        InjectResult result = InjectResult.SENT;
        while (sent < count && (result = next()) == InjectResult.SENT) {
            sent++;
        }
        if (sent > 0) {
            outcomes.sent(sent);
        }
        if (result != InjectResult.SENT) {
            outcomes.failed(result, 1, failure);
        }
    }

    /** Returns whatever the injector does, the frame has used its number. */
    private InjectResult next() {
        frames.advance();
        try {
            InjectResult result =
                    Objects.requireNonNull(injector.inject(frames.memory(), frames.offset(), frames.length()));
            if (result != InjectResult.SENT) {
                failure = injector.failure();
            }
            return result;
        } catch (Throwable e) {
            failure = e.toString();
            return InjectResult.OTHER;
        }
    }

    @Override
    public void skip(int count) {
        frames.skip(count);
    }
}
