package io.ringtap.inject.kernel;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.FrameInjector;
import io.ringtap.inject.InjectResult;
import io.ringtap.inject.StreamSender;

/** Sends a stream's frames by the sender of whichever injector is open, and goes on with the next frame on another. */
final class ReturningSender implements StreamSender, StreamSender.Outcomes {
    private static final int MOST_FRAMES = 64;

    private final ReturningInjector injector;
    private final Maker maker;
    private StreamSender prepared;
    private StreamSender current; // null: none
    private Outcomes outcomes;

    /** Frames of the stream that were sent, failed or left out. */
    private long done;

    /** Makes the stream's sender for an injector. */
    @FunctionalInterface
    interface Maker {
        StreamSender make(FrameInjector opened) throws OpenException;
    }

    ReturningSender(ReturningInjector injector, Maker maker) {
        this.injector = injector;
        this.maker = maker;
    }

    /** Makes what sends on an injector; {@link #goOn} uses it. */
    void prepare(FrameInjector opened) throws OpenException {
        prepared = maker.make(opened);
    }

    void goOn() {
        current = prepared;
        for (long left = done; left > 0; left -= Integer.MAX_VALUE) {
            current.skip((int) Math.min(left, Integer.MAX_VALUE));
        }
    }

    /** The injector is about to be closed. */
    void leave() {
        current = null;
    }

    @Override
    public int mostFrames() {
        return current == null ? MOST_FRAMES : current.mostFrames();
    }

    @Override
    public void send(int frames, Outcomes to) {
        outcomes = to;
        if (current == null) {
            failed(InjectResult.MISSING, frames, "");
        } else {
            current.send(frames, this);
        }
    }

    @Override
    public void skip(int frames) {
        done += frames;
        if (current != null) {
            current.skip(frames);
        }
    }

    @Override
    public void sent(int frames) {
        done += frames;
        outcomes.sent(frames);
    }

    @Override
    public void failed(InjectResult why, int frames, String detail) {
        done += frames;
        outcomes.failed(injector.result(why), frames, detail);
    }
}
