package io.ringtap.capture.ring;

/** A call to make when the published frames have come to {@code at}, which is the capture thread's. */
final class Alarm {
    private final long every;
    private final Runnable onReached;
    private long at;

    Alarm(long every, Runnable onReached) {
        this.every = every;
        this.onReached = onReached;
        at = every;
    }

    void look(long frames) {
        if (frames >= at) {
            at = frames + every - frames % every;
            onReached.run();
        }
    }
}
