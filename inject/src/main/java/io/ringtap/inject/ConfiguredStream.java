package io.ringtap.inject;

import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import java.util.function.BooleanSupplier;

/** The frames of an {@link InjectConfig}: those of one template, sent when the trigger says so. */
final class ConfiguredStream implements InjectStream {
    private final StreamOutput output;
    private final Trigger trigger;
    private final StreamSender sender;
    private final long count;
    private final Counter tried = new Counter();

    /** A stream that ends after {@code count} frames; 0 for never. */
    ConfiguredStream(StreamOutput output, Trigger trigger, StreamSender sender, long count) {
        this.output = output;
        this.trigger = trigger;
        this.sender = sender;
        this.count = count == 0 ? Long.MAX_VALUE : count;
    }

    /** Safe on every thread if the trigger counts frames. */
    @Override
    public boolean isDue(long nowNanos) {
        return !isDone() && trigger.isDue(nowNanos);
    }

    /** Whether a capture's progress decides what is due. */
    boolean followsCapture() {
        return trigger instanceof FrameCountTrigger;
    }

    @Override
    public void turn(int limit, long nowNanos, BooleanSupplier mayGoOn) {
        int left = Math.max(limit, sender.mostFrames());
        while (left > 0 && isDue(nowNanos) && mayGoOn.getAsBoolean()) {
            int due = takeDue(Math.min(left, sender.mostFrames()), nowNanos);
            output.send(sender, due, mayGoOn);
            left -= due;
        }
    }

    private int takeDue(int most, long nowNanos) {
        int due = 0;
        while (due < most && isDue(nowNanos)) {
            trigger.advance();
            tried.add(1);
            due++;
        }
        return due;
    }

    @Override
    public long waitNanos(long nowNanos) {
        return isDone() ? Long.MAX_VALUE : trigger.waitNanos(nowNanos);
    }

    /** A timed stream ends with the loop; one that follows a capture owes a frame for each count that was reached. */
    @Override
    public boolean isLeft() {
        return followsCapture() && isDue(0);
    }

    @Override
    public void abandon() {
        if (isLeft() && trigger instanceof FrameCountTrigger counting) {
            output.abandon(Math.min(counting.due(), count - tried.value()));
        }
    }

    @Override
    public InjectCounts counts() {
        return output.counts();
    }

    private boolean isDone() {
        return tried.value() >= count;
    }
}
