package io.ringtap.handler.watch;

import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.Recordings;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.frame.TimeText;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;

/**
 * The alarm of one watch on one capture, which all threads of its worker tell of their frames. It is raised when the rule
 * holds, and ends when the rule has not held for as long as it says. Any thread.
 *
 * <p>How many frames lie within a time goes by the frames' own times. How long none came, and when the alarm ends, goes by
 * the time that passes here, so that a clock that is set raises nothing; for a capture file, which has no such time, by
 * the frames' again.
 */
final class Watch {
    private final WatchRule rule;
    private final boolean live;
    private final StreamSwitch streams;
    private final Recordings recordings;
    private final FrameWindow window;
    private final Counter raised;
    private final Counter ended;
    private final Counter started;
    private final Counter refused;
    private final Gauge on;
    private boolean alarm;
    private boolean seen;

    /** When the last frame came. */
    private long lastNanos;

    /** When the rule last held. */
    private long heldNanos;

    /** A watch that has seen nothing yet; its figures are in the table of the instance that makes it. */
    Watch(WatchRule rule, HandlerContext context) {
        this.rule = rule;
        live = context.live();
        streams = context.streams();
        recordings = context.recordings();
        window = new FrameWindow(Math.max(1, rule.frames()), rule.time());
        String row = rule.text();
        raised = context.counter(row, "raised");
        ended = context.counter(row, "ended");
        started = context.counter(row, "stream started");
        refused = context.counter(row, "stream refused");
        on = context.gauge(row, "on");
        lastNanos = context.nanoTime();
        seen = live; // of a file, time begins with its first frame
    }

    /**
     * Takes the times of frames that have come, in order.
     *
     * @param context of the thread that tells
     */
    synchronized void came(long[] timestampsNanos, int count, HandlerContext context) {
        long now = context.nanoTime();
        for (int i = 0; i < count; i++) {
            long timestamp = timestampsNanos[i];
            came(timestamp, live ? now : timestamp, context);
        }
    }

    private void came(long timestampNanos, long nowNanos, HandlerContext context) {
        if (Math.max(lastNanos, heldNanos) - nowNanos > FrameWindow.CLOCK_STEP.toNanos()) {
            lastNanos = Math.min(lastNanos, nowNanos); // a file's clock that was put back, or one frame that was wrong
            heldNanos = Math.min(heldNanos, nowNanos);
        }
        boolean held;
        if (rule.frames() > 0) {
            held = window.add(timestampNanos);
        } else {
            held = seen && nowNanos - lastNanos >= rule.time().toNanos();
            lastNanos = seen ? Math.max(lastNanos, nowNanos) : nowNanos;
            seen = true;
        }
        judge(held, nowNanos, timestampNanos, context);
    }

    /** Time has passed. */
    synchronized void tick(HandlerContext context) {
        if (live) {
            long now = context.nanoTime();
            boolean held = rule.frames() == 0 && now - lastNanos >= rule.time().toNanos();
            judge(held, now, context.epochNanos(), context);
        }
    }

    private void judge(boolean held, long nowNanos, long timestampNanos, HandlerContext context) {
        if (held) {
            heldNanos = nowNanos;
            if (!alarm) {
                raise(timestampNanos, context);
            }
        } else if (alarm && nowNanos - heldNanos >= rule.hold().toNanos()) {
            end(timestampNanos, context);
        }
    }

    private void raise(long timestampNanos, HandlerContext context) {
        alarm = true;
        on.set(1);
        raised.add(1);
        String what = "";
        if (rule.stream().isPresent()) {
            boolean taken = streams.start(rule.stream().get());
            (taken ? started : refused).add(1);
            what = "; stream " + rule.stream().get() + (taken ? " is started" : " could not be started");
        }
        if (rule.recorder().isPresent()) {
            boolean taken = recordings.dump(rule.recorder().get(), "alarm: " + rule.text(), timestampNanos);
            what += "; flight recorder " + rule.recorder().get() + (taken ? " dumps" : " could not dump");
        }
        context.warn("alarm: " + rule.text() + ", at " + TimeText.ofEpochNanos(timestampNanos) + what);
    }

    private void end(long timestampNanos, HandlerContext context) {
        alarm = false;
        on.set(0);
        ended.add(1);
        String what = "";
        if (rule.stopAtEnd() && rule.stream().isPresent()) {
            boolean taken = streams.stop(rule.stream().get());
            refused.add(taken ? 0 : 1);
            what = "; stream " + rule.stream().get() + (taken ? " is stopped" : " could not be stopped");
        }
        context.log("the alarm is over: " + rule.text() + ", at " + TimeText.ofEpochNanos(timestampNanos) + what);
    }
}
