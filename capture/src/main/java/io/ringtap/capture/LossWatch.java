package io.ringtap.capture;

import java.util.concurrent.TimeUnit;

/**
 * Tells Flight Recorder of bursts of loss: looks at the kernel's counts ten times a second while somebody records those, and
 * otherwise not at all. A burst ends when a look sees no loss. The capture thread's own.
 */
final class LossWatch {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CaptureSource source;
    private final String ring;
    private long lookAtNanos;
    private long dropped;

    /** Begun at the last look that saw no loss; null while nobody records. */
    private LossBurstEvent burst;

    LossWatch(CaptureSource source, String ring, long nowNanos) {
        lookAtNanos = nowNanos;
        this.source = source;
        this.ring = ring;
    }

    /** Looks, if it is time. */
    void look(long nowNanos) {
        if (nowNanos - lookAtNanos >= 0) {
            lookAtNanos = nowNanos + LOOK_NANOS;
            look();
        }
    }

    /** Looks for the last time. */
    void end() {
        look();
        tell();
    }

    private void look() {
        LossBurstEvent next = new LossBurstEvent();
        if (!next.isEnabled()) {
            burst = null;
            return;
        }
        long now = source.counts().dropped();
        long lost = burst == null ? 0 : now - dropped; // what was lost before anybody recorded is no burst
        dropped = now;
        if (lost > 0) {
            burst.frames += lost;
            burst.end();
            return;
        }
        tell();
        burst = next;
        burst.begin();
    }

    private void tell() {
        if (burst != null && burst.frames > 0) {
            burst.ring = ring;
            burst.commit();
            burst = null;
        }
    }
}
