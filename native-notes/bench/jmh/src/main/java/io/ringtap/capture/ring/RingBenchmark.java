package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringtap.frame.TunnelPorts;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a frame costs on its way through the ring: copied into the slab, published with its batch, and read by a worker.
 * One thread does both, as where a capture has one worker of one thread. What is copied is in the nearest cache, which in
 * a kernel ring it is not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {
    /** Frames that such a ring publishes at a time. */
    private static final int BATCH = 128;

    private static final int SNAPLEN = 65_535;

    @Param({"60", "200", "1514"})
    private int frameBytes;

    private final Arena arena = Arena.ofConfined();
    private final Sequence handled = new Sequence(-1);
    private FrameRing ring;
    private RingBuffer<FrameSlot> slots;
    private MemoryFrame frame;
    private long source;

    /** Makes a ring with one reader. */
    @Setup
    public void open() {
        ring = new FrameRing(SNAPLEN);
        slots = ring.slots();
        slots.addGatingSequences(handled);
        frame = new MemoryFrame("bench", TunnelPorts.DEFAULT);
        source =
                FilledSlab.nativeCopy(SampleFrame.IPV4.of(1, frameBytes), arena).address();
    }

    /** Gives slab and source back. */
    @TearDown
    public void close() {
        ring.close();
        arena.close();
    }

    /** The capture thread's part, and giving the slots back. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publish() {
        for (int i = 0; i < BATCH; i++) {
            ring.onFrame(source, frameBytes, frameBytes, i);
        }
        ring.flush();
        handled.set(slots.getCursor());
        return handled.get();
    }

    /** The same, and a worker that reads each frame's EtherType. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publishAndRead() {
        for (int i = 0; i < BATCH; i++) {
            ring.onFrame(source, frameBytes, frameBytes, i);
        }
        ring.flush();
        long last = slots.getCursor();
        long sum = 0;
        for (long position = handled.get() + 1; position <= last; position++) {
            frame.moveTo(ring.slab(), slots.get(position));
            sum += frame.etherType();
        }
        handled.set(last);
        return sum;
    }
}
