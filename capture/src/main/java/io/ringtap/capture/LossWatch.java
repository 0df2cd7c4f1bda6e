package io.ringtap.capture;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private @Nullable LossBurstEvent burst;

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
        long lost = now - dropped;
        dropped = now;
        if (burst != null && lost > 0) { // what was lost before anybody recorded is no burst
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
