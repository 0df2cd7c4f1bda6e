package io.ringtap.daemon.control.tap;

import io.ringtap.Tap;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.ring.tap.TapQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a live tap gets frames from: a capture that runs, and a queue for each of its kernel rings. */
final class TapSource {
    /** All queues of one capture together. */
    static final long QUEUE_BYTES = 16L << 20;

    private static final long LEAST_BYTES = 1L << 20;

    private final Tap capture;
    private final List<TapQueue> queues = new ArrayList<>();
    private boolean closed;

    /** Has it put frames into the queues from now on. @throws OutOfMemoryError if there is none for them */
    TapSource(Tap capture, Optional<FrameFilter> filter, int snaplenBytes) {
        this.capture = capture;
        int rings = capture.config().threads();
        long bytes = Math.max(LEAST_BYTES, Long.highestOneBit(QUEUE_BYTES / rings));
        try {
            for (int i = 0; i < rings; i++) {
                queues.add(new TapQueue(filter, snaplenBytes, LiveTap.CAPTURED, bytes));
            }
        } catch (OutOfMemoryError e) {
            queues.forEach(TapQueue::close);
            throw e;
        }
        capture.attach(queues);
    }

    boolean isOf(Tap other) {
        return capture.equals(other);
    }

    /** Whether the capture has ended by itself, or was stopped. */
    boolean hasEnded() {
        return capture.hasEnded();
    }

    List<TapQueue> queues() {
        return queues;
    }

    long queued() {
        return queues.stream().mapToLong(TapQueue::queued).sum();
    }

    long shed() {
        return queues.stream().mapToLong(TapQueue::shed).sum();
    }

    long bytes() {
        return queues.stream().mapToLong(TapQueue::bytes).sum();
    }

    /** Has the capture put nothing more into them, from its next read on. */
    void detach() {
        capture.detach(queues);
    }

    /** Whether the capture may still put something into them. */
    boolean isUsed() {
        return capture.isUsed(queues);
    }

    /** Whether nothing is in them. */
    boolean isEmpty() {
        return queues.stream().allMatch(queue -> queue.nextNanos() == Long.MAX_VALUE);
    }

    /** Releases them, which the capture uses no more. */
    void close() {
        if (!closed) {
            closed = true;
            queues.forEach(TapQueue::close);
        }
    }
}
