package io.ringtap.daemon.demo;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.ledger.Counter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The demonstration's handler: checks number and content of every frame. With flows shared by hash, each flow comes to one
 * instance, in order, in both directions.
 */
final class SequenceCheck implements FrameHandler {
    private final long sleepNanos;

    /** By flow, the number that the next frame has at least; 0 for a flow that has not come here. Other threads look. */
    private final AtomicLongArray flows = new AtomicLongArray(DemoFrame.FLOWS);

    private final Counter whole = new Counter();
    private final Counter reordered = new Counter();
    private final Counter damaged = new Counter();
    private final Counter foreign = new Counter();

    private SequenceCheck(Duration sleep) {
        sleepNanos = sleep.toNanos();
    }

    /** The instances of all threads, and what they found. */
    static final class Group {
        private final Duration sleep;
        private final List<SequenceCheck> checks = new CopyOnWriteArrayList<>();

        /** Handlers that sleep so long on each frame: 0, or a receiver broken on purpose. */
        Group(Duration sleep) {
            this.sleep = sleep;
        }

        FrameHandler create() {
            SequenceCheck check = new SequenceCheck(sleep);
            checks.add(check);
            return check;
        }

        /** The flows that came to more than one thread. */
        private long split() {
            return IntStream.range(0, DemoFrame.FLOWS)
                    .filter(flow -> checks.stream()
                                    .filter(check -> check.flows.get(flow) != 0)
                                    .count()
                            > 1)
                    .count();
        }

        Findings findings() {
            return new Findings(
                    checks.stream().mapToLong(c -> c.whole.value()).sum(),
                    checks.stream().mapToLong(c -> c.reordered.value()).sum(),
                    split(),
                    checks.stream().mapToLong(c -> c.damaged.value()).sum(),
                    checks.stream().mapToLong(c -> c.foreign.value()).sum());
        }
    }

    /**
     * The findings about what arrived. All in frames, but {@code split}.
     *
     * @param whole with the content they should have
     * @param reordered of those, with a number that does not lie behind the one before in their flow
     * @param split flows whose frames came to more than one thread
     * @param damaged of the demonstration's kind, with other content
     * @param foreign not the demonstration's
     */
    record Findings(long whole, long reordered, long split, long damaged, long foreign) {}

    @Override
    public void onFrame(Frame frame) {
        if (sleepNanos > 0) {
            LockSupport.parkNanos(sleepNanos);
        }
        if (frame.etherType() != DemoFrame.ETHERTYPE || frame.originalLength() != DemoFrame.LENGTH) {
            foreign.add(1);
        } else if (frame.length() != DemoFrame.LENGTH || !DemoFrame.isWhole(frame)) {
            damaged.add(1);
        } else {
            whole.add(1);
            checkOrder(DemoFrame.flow(frame), DemoFrame.sequence(frame));
        }
    }

    private void checkOrder(int flow, long sequence) {
        if (sequence < flows.get(flow)) {
            reordered.add(1);
        } else {
            flows.setRelease(flow, sequence + 1);
        }
    }
}
