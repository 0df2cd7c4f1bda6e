package io.ringtap.inject;

import io.ringtap.inject.template.StreamFrames;

/** Sends a stream's frames one by one. */
final class SingleFrameSender implements StreamSender {
    private final FrameInjector injector;
    private final StreamFrames frames;

    SingleFrameSender(FrameInjector injector, StreamFrames frames) {
        this.injector = injector;
        this.frames = frames;
    }

    @Override
    public int mostFrames() {
        return 1;
    }

    @Override
    public void send(int count, Outcomes outcomes) {
        frames.advance();
        InjectResult result = injector.inject(frames.memory(), frames.offset(), frames.length());
        if (result == InjectResult.SENT) {
            outcomes.sent(1);
        } else {
            outcomes.failed(result, 1, injector.failure());
        }
    }

    @Override
    public void skip(int count) {
        frames.skip(count);
    }
}
