package io.ringtap.inject.kernel;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import java.time.Duration;

/** Sends a stream's frames by the sender of whichever injector is open, and goes on with the next frame on another. */
final class ReopeningSender implements StreamSender, StreamSender.Outcomes {
    private static final int MOST_FRAMES = 64;

    private final ReopeningInjector injector;
    private final Maker maker;

    /** Frames that stay as they are while injectors come and go; null: each injector's sender makes them anew. */
    private final ReplayFrames frames;

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

    ReopeningSender(ReopeningInjector injector, Maker maker) {
        this(injector, maker, null);
    }

    ReopeningSender(ReopeningInjector injector, ReplayFrames frames) {
        this(injector, opened -> opened.sender(frames), frames);
    }

    private ReopeningSender(ReopeningInjector injector, Maker maker, ReplayFrames frames) {
        this.injector = injector;
        this.maker = maker;
        this.frames = frames;
    }

    /** Makes what sends on an injector; {@link #goOn} uses it. */
    void prepare(FrameInjector opened) throws OpenException {
        prepared = maker.make(opened);
    }

    void goOn() {
        current = prepared;
        for (long left = frames == null ? done : 0; left > 0; left -= Integer.MAX_VALUE) {
            current.skip((int) Math.min(left, Integer.MAX_VALUE));
        }
    }

    /** The injector is about to be closed. */
    void leave() {
        current = null;
    }

    /** Its stream has ended: it is not made anew any more. */
    @Override
    public void close() {
        injector.forget(this);
        if (current != null) {
            current.close();
            current = null;
        }
    }

    @Override
    public int mostFrames() {
        return current == null ? MOST_FRAMES : current.mostFrames();
    }

    @Override
    public Duration moment() {
        return injector.engine().moment(); // also before there is one
    }

    @Override
    public void send(int count, Outcomes to) {
        outcomes = to;
        if (current == null) {
            leaveOut(count);
            failed(InjectResult.MISSING, count, "");
            return;
        }
        long before = done;
        try {
            current.send(count, this);
        } catch (Throwable e) {
            done = before + count; // as StreamSender says
            throw e;
        }
    }

    @Override
    public void skip(int count) {
        done += count;
        leaveOut(count);
    }

    private void leaveOut(int count) {
        if (current != null) {
            current.skip(count);
        } else if (frames != null) {
            frames.skip(count);
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
