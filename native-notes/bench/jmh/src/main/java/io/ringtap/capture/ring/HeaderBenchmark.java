package io.ringtap.capture.ring;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What looking at a frame's headers costs a worker: the EtherType for every frame, the flow hash with two threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBenchmark {
    private static final int FRAME_BYTES = 200;

    @Param
    private SampleFrame headers;

    private FilledSlab frames;

    /** Fills a slab. */
    @Setup
    public void fill() {
        frames = new FilledSlab(flow -> headers.of(flow, FRAME_BYTES));
    }

    /** Gives the slab back. */
    @TearDown
    public void close() {
        frames.close();
    }

    /** To compare with: the step to the next frame and one byte of it. */
    @Benchmark
    public byte firstByte() {
        return frames.next().byteAt(0);
    }

    @Benchmark
    public int etherType() {
        return frames.next().etherType();
    }

    @Benchmark
    public int flowHash() {
        return frames.next().flowHash();
    }
}
