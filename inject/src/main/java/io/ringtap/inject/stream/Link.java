package io.ringtap.inject.stream;

import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * The last seen state of the interface's link: whether it can send. Linux takes frames for a link without carrier and drops
 * them without an error, so that sending does not tell. For the inject thread.
 */
public final class Link {
    /**
     * While frames are sent: what is sent between the loss of carrier and the next look counts as sent. A look takes less
     * than a microsecond; up to some 1,000 frames a second there is one for each, when the loop wakes for it.
     */
    static final Duration LOOK_EVERY = Duration.ofNanos(500_000);

    /** While it is down. */
    public static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** While nothing is to be sent a link is looked at this often, for its gaps to be written down. */
    static final Duration REST = Duration.ofMillis(500);

    private final FrameInjector injector;
    private boolean down;
    private InjectResult downCause = InjectResult.LINK_DOWN;
    private long nextLookNanos;

    /** The link of an injector; the first look is due at once. */
    public Link(FrameInjector injector, long nowNanos) {
        this.injector = injector;
        this.nextLookNanos = nowNanos;
    }

    /** Returns whether it was down at the last look. */
    public boolean isDown() {
        return down;
    }

    /** Returns what frames count as while it is down. */
    InjectResult downCause() {
        return downCause;
    }

    /** A send said so: nothing is tried before the next look. */
    void failed(InjectResult why) {
        down = true;
        downCause = why;
    }

    /** Returns how long until it is looked at again, down or up. */
    public long waitNanos(long nowNanos) {
        return nextLookNanos - nowNanos + (down ? 0 : REST.toNanos() - LOOK_EVERY.toNanos());
    }

    /**
     * Looks, if that is due.
     *
     * @param whileDown given the time if the link was down until now, while it still counts as down
     */
    public void look(long nowNanos, LongConsumer whileDown) {
        if (nowNanos - nextLookNanos < 0) {
            return;
        }
        boolean downNow = injector.isLinkDown();
        nextLookNanos = nowNanos + (downNow ? LOOK_AGAIN : LOOK_EVERY).toNanos();
        if (down) {
            whileDown.accept(nowNanos);
        }
        down = downNow;
        if (downNow) {
            downCause = injector.downCause();
        }
    }
}
