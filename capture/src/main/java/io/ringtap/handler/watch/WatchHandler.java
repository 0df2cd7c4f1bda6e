package io.ringtap.handler.watch;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.ledger.Counter;
import java.util.function.Predicate;

/**
 * Raises an alarm when so many of the frames that it gets come within so long ({@code frames}, {@code within}), or when
 * none comes for so long ({@code absent}): logs a line, counts it, starts a configured stream ({@code stream}), and has a flight recorder write what it holds ({@code record}). With a
 * {@code filter} only those frames count that match. The threads of a worker count together.
 *
 * <p>The alarm ends when the rule has not held for {@code hold}, by default as long as {@code within} or {@code absent};
 * only then can it be raised again. {@code stop-at-end} has the stream stopped then.
 *
 * <p>Frames of the stream that come back, by a loop in the network, are counted apart: they cannot raise or prolong the alarm
 * that has sent them.
 */
public final class WatchHandler implements FrameHandler {
    /** Frames whose times are told together, at the end of a batch or sooner. */
    private static final int TOLD_TOGETHER = 256;

    private final WatchRule rule;
    private final long[] times = new long[TOLD_TOGETHER];
    private int waiting;
    private Watch watch;
    private Counter frames;
    private Predicate<Frame> own;
    private Counter ownFrames;
    private HandlerContext context;

    /** Reads its keys. */
    public WatchHandler(HandlerSettings settings) {
        rule = WatchRule.of(settings);
    }

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
        frames = context.counter(rule.text(), "frames");
        own = rule.stream().map(context.streams()::framesOf).orElse(_ -> false);
        ownFrames = context.counter(rule.text(), "own frames");
        watch = context.shared(() -> new Watch(rule, context));
    }

    @Override
    public void onFrame(Frame frame) {
        if (own.test(frame)) {
            cameBack();
            return;
        }
        times[waiting++] = frame.timestampNanos();
        if (waiting == TOLD_TOGETHER) {
            tell();
        }
    }

    private void cameBack() {
        if (ownFrames.value() == 0) {
            context.warn("frames of stream " + rule.stream().orElseThrow()
                    + " come back: look for a loop in the network; they are only counted");
        }
        ownFrames.add(1);
    }

    private void tell() {
        if (waiting > 0) {
            frames.add(waiting);
            int count = waiting;
            waiting = 0;
            watch.came(times, count, context);
        }
    }

    @Override
    public void onBatchEnd() {
        tell();
    }

    @Override
    public void onIdle() {
        watch.tick(context);
    }

    @Override
    public void onStop() {
        tell();
    }
}
