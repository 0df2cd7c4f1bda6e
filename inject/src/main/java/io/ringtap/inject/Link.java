package io.ringtap.inject;

import java.time.Duration;

/**
 * Whether the interface can send, as was last seen. Linux takes frames for a link without carrier and drops them without
 * an error, so that sending does not tell. For the inject thread.
 */
final class Link {
    /**
     * While frames are sent: what is sent between the loss of carrier and the next look counts as sent. A look takes less
     * than a microsecond; up to some 1,000 frames a second there is one before each.
     */
    static final Duration LOOK_EVERY = Duration.ofNanos(500_000);

    /** While it is down. */
    static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final FrameInjector injector;
    private boolean down;
    private long nextLookNanos;

    /** The link of an injector; the first look is due at once. */
    Link(FrameInjector injector, long nowNanos) {
        this.injector = injector;
        this.nextLookNanos = nowNanos;
    }

    boolean isDown() {
        return down;
    }

    /** A send said so: nothing is tried before the next look. */
    void failed() {
        down = true;
    }

    /** How long until a link that is down is looked at again. */
    long waitNanos(long nowNanos) {
        return nextLookNanos - nowNanos;
    }

    /**
     * Looks, if that is due.
     *
     * @param beforeUp called when the link has come up, while it still counts as down
     */
    void look(long nowNanos, Runnable beforeUp) {
        if (nowNanos - nextLookNanos < 0) {
            return;
        }
        boolean downNow = injector.isLinkDown();
        nextLookNanos = nowNanos + (downNow ? LOOK_AGAIN : LOOK_EVERY).toNanos();
        if (down && !downNow) {
            beforeUp.run();
        }
        down = downNow;
    }
}
